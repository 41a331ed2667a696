INSERT INTO run(id,pid,argv,began_unix_ns,ended_ns,end_kind,level,dropped) VALUES(1,4711,'./shop --port 8080',1700000000000000000,4812000000,'complete','lifecycle',0);
INSERT INTO loop VALUES(1,1,1,1,0,4811000000,0,4812000000,'complete');
INSERT INTO site VALUES(1,'src/main.c',22,'main','app'),(2,'src/server.c',4,'on_shutdown','flush_cache'),(3,'src/pool.c',57,'worker_start','leash_coro(worker_loop, p)'),(4,'src/pool.c',57,'worker_start','worker_loop'),(5,'src/pool.c',41,'worker_loop','leash_sleep'),
(6,'src/audit.c',41,'audit','leash_coro(write_audit, ev)'),(7,'src/audit.c',41,'audit','write_audit'),(8,'src/main.c',31,'serve','pool'),(9,'src/api.c',203,'get_user','fetch_user'),(10,'src/api.c',188,'fetch_user','leash_fail');
INSERT INTO task(id,name,site_id,coro_site_id,creator_task_id,loop_id,created_ns,began_ns,state,facts,exit_await_id) VALUES
 (1,'Task-1',1,1,0,1,0,0,'done',0,NULL),
 (7,'server',8,8,1,1,1000000,1000000,'cancelled',0,NULL),
 (12,'pool',8,8,7,1,1000000,1000000,'cancelled',1,3),
 (31,'worker-0',3,4,12,1,512000000,513000000,'cancelled',1,1),
 (32,'worker-1',3,4,12,1,513000000,513000000,'cancelled',1,2),
 (77,'audit_log',6,7,7,1,480000000,481000000,'cancelled',321,4),
 (78,'Task-78',6,7,7,1,490000000,491000000,'done',64,NULL);
UPDATE task SET ended_ns=900000000 WHERE id=78;
UPDATE task SET lost_ns=610000000, held_ns=590000000 WHERE id=77;
INSERT INTO task(id,name,site_id,coro_site_id,creator_task_id,loop_id,created_ns,began_ns,ended_ns,state,facts,code,failure_id) VALUES(203,'fetch_user',9,9,7,1,3000000000,3000000000,3377000000,'failed',128,-5,1);
INSERT INTO failure VALUES(1,'task',203,-5,'connection reset',10,3377000000);
INSERT INTO await VALUES(1,31,NULL,'sleep',NULL,10000000,5,513000000,4812000000,-125),(2,32,NULL,'sleep',NULL,10000000,5,513000000,4812000000,-125),(3,12,NULL,'task',31,NULL,8,513000000,4812000000,NULL),(4,77,NULL,'sleep',NULL,10000000,7,481000000,4812000000,-125);
INSERT INTO coro(id,site_id,creator_task_id,created_ns,state,facts) VALUES(5,2,7,1204000000,'created',512),(6,2,7,1250000000,'created',512),(9,2,7,1310000000,'created',512);
INSERT INTO module(id, path) VALUES(1, '/usr/bin/shop'), (2, '/usr/lib/libleash.so.0');
INSERT INTO frame(id, module_id, offset, func, file, line) VALUES(1, 1, 16, 'get_user', 'src/api.c', 203),
 (2, 1, 32, 'handle_conn', 'src/server.c', 61), (3, 2, 48, 'leash__create_task', NULL, NULL), (4, 2, 64, NULL, NULL, NULL),
 (5, 1, 80, 'main', 'src/main.c', 22), (6, 1, 96, '_start', NULL, NULL), (7, 1, 4096, NULL, NULL, NULL);
INSERT INTO stack VALUES(1, 7);
INSERT INTO stack_frame VALUES(1, 0, 3), (1, 1, 1), (1, 2, 7), (1, 3, 2), (1, 4, 4), (1, 5, 5), (1, 6, 6);
UPDATE task SET stack_id = 1 WHERE id = 203;
