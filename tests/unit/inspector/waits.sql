INSERT INTO run(id,pid,argv,began_unix_ns,ended_ns,end_kind,level,dropped) VALUES(1,4711,'./shop',1700000000000000000,4812000000,'complete','lifecycle',0);
INSERT INTO loop VALUES(1,1,1,1,0,4812000000,0,4820000000,'complete');
INSERT INTO site VALUES(1,'src/main.c',22,'main','app'),(2,'src/main.c',31,'main_task','serve'),(3,'src/server.c',77,'serve','pool_run'),
 (4,'src/pool.c',57,'worker_start','worker_loop'),(5,'src/pool.c',41,'worker_loop','leash_queue_get'),(6,'src/server.c',52,'accept','handle_conn'),
 (7,'src/server.c',61,'handle_conn','rpc'),(8,'src/rpc.c',19,'rpc','leash_sleep'),(9,'src/pool.c',88,'rd_main','leash_lock_acquire'),
 (10,'src/pool.c',97,'wr_main','leash_lock_acquire'),(11,'src/pool.c',70,'pool','reader'),(12,'src/audit.c',41,'audit','write_audit'),
 (13,'src/main.c',24,'main_task','task'),(14,'src/server.c',33,'serve','leash_group_wait'),(15,'src/pool.c',72,'pool','leash_queue_create'),
 (16,'src/pool.c',66,'rd_main','rd_main'),(17,'src/pool.c',67,'wr_main','wr_main'),(18,'src/main.c',22,'main','main_task');
-- facts: 1 pending, 64 unsettled, 256 lost
INSERT INTO task(id,name,site_id,coro_site_id,creator_task_id,loop_id,created_ns,began_ns,ended_ns,state,facts,exit_await_id,lost_ns) VALUES
 (1,'main',1,18,0,1,0,0,4815000000,'cancelled',1,1,NULL),
 (7,'server',2,2,1,1,1000000,2000000,4815000000,'cancelled',1,2,NULL),
 (12,'pool',3,3,7,1,3000000,4000000,4815000000,'cancelled',1,3,NULL),
 (31,'worker-0',4,4,12,1,500000000,501000000,4815000000,'cancelled',1,4,NULL),
 (32,'worker-1',4,4,12,1,500000000,502000000,4815000000,'cancelled',1,5,NULL),
 (40,'conn-1',6,6,7,1,1700000000,1701000000,4815000000,'cancelled',1,6,NULL),
 (41,NULL,7,7,40,1,1702000000,1703000000,4815000000,'cancelled',1,7,NULL),
 (55,'reader',11,16,12,1,2000000000,2001000000,4815000000,'cancelled',1,8,NULL),
 (56,'writer',11,17,12,1,2000000000,2002000000,4815000000,'cancelled',1,9,NULL),
 (60,'twice',6,6,7,1,2500000000,2500000000,4815000000,'cancelled',1,11,NULL),
 (61,'finished',6,6,7,1,10000000,20000000,1000000000,'done',0,NULL,NULL),
 (62,'failed',6,6,7,1,20000000,30000000,2000000000,'failed',128,NULL,NULL),
 (63,'unborn',6,6,7,1,4811000000,NULL,4815000000,'cancelled',1,NULL,NULL),
 (77,'audit_log',12,12,7,1,480000000,480000000,4815000000,'cancelled',321,10,610000000),
 (78,'heartbeat',12,12,7,1,480000000,480000000,4815000000,'cancelled',17,12,NULL);
INSERT INTO object(id,kind,name,site_id,creator_task_id,created_ns,ended_ns) VALUES(3,'queue','jobs',15,12,4000000,4790000000),(9,'group',NULL,14,7,2000000,NULL),(1,'lock','m1',9,12,4000000,NULL),(2,'lock','m2',10,12,4000000,NULL);
INSERT INTO child VALUES(9,0,'task',12),(9,1,'task',40),(9,2,'task',61),(9,3,'task',62);
INSERT INTO await(id,task_id,coro_id,target_kind,target_id,sleep_us,site_id,began_ns,ended_ns,code) VALUES
 (1,1,NULL,'task',7,NULL,13,1000000,4815000000,-125),
 (2,7,NULL,'object',9,NULL,14,10000000,4815000000,-125),
 (3,12,NULL,'task',31,NULL,3,501000000,4815000000,-125),
 (4,31,NULL,'object',3,NULL,5,512000000,4815000000,-125),
 (5,32,NULL,'object',3,NULL,5,513000000,4815000000,-125),
 (6,40,NULL,'task',41,NULL,7,1702000000,4815000000,-125),
 (7,41,NULL,'sleep',NULL,60000000,8,1704000000,4815000000,-125),
 (8,55,NULL,'object',1,NULL,9,2100000000,4815000000,-125),
 (9,56,NULL,'object',2,NULL,10,2110000000,4815000000,-125),
 (10,77,NULL,'sleep',NULL,10000000,12,480000000,4815000000,-125),
 (11,60,NULL,'task',41,NULL,7,2500000000,4815000000,-125),
 (12,78,NULL,'sleep',NULL,1000000,12,4000000000,4815000000,-125),
 (13,31,NULL,'sleep',NULL,5000,8,503000000,508000000,0),
 (14,61,NULL,'task',62,NULL,7,30000000,1000000000,NULL),
 (15,62,NULL,'sleep',NULL,1900000,8,40000000,1990000000,0);
-- who held what, as a runtime with locks tells it
INSERT INTO hold VALUES(1,1,56,10,2003000000,NULL),(2,2,55,9,2004000000,NULL),(3,1,55,9,2001000000,2002500000);
