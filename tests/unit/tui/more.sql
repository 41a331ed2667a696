-- Beside shop.sql of the inspector's tests: two tasks in a lock cycle, workers that wait for a queue.
INSERT INTO site VALUES (20, 'src/pool.c', 88, 'pool_lock', 'leash_coro(rd_main, p)'), (21, 'src/pool.c', 91, 'rd_main', 'leash_lock_acquire(p->m1)'),
 (22, 'src/pool.c', 104, 'wr_main', 'leash_lock_acquire(p->m2)'), (23, 'src/pool.c', 72, 'pool_open', 'leash_queue_new()'), (24, 'src/pool.c', 88, 'pool_lock', 'rd_main');
INSERT INTO object(id, kind, name, site_id, creator_task_id, created_ns) VALUES
 (1, 'lock', 'm1', 23, 12, 400000000), (2, 'lock', 'm2', 23, 12, 400000000), (3, 'queue', 'jobs', 23, 12, 400000000);
INSERT INTO task(id, name, site_id, coro_site_id, creator_task_id, loop_id, created_ns, began_ns, state, facts, exit_await_id) VALUES
 (55, 'reader', 20, 24, 12, 1, 2100000000, 2100000000, 'cancelled', 1, 55), (56, 'writer', 20, 24, 12, 1, 2100000000, 2100000000, 'cancelled', 1, 56);
INSERT INTO await(id, task_id, target_kind, target_id, site_id, began_ns, ended_ns, code) VALUES
 (55, 55, 'object', 1, 21, 2100000000, 4812000000, -125), (56, 56, 'object', 2, 22, 2100000000, 4812000000, -125);
