-- Made by make_samples. Load: sqlite3 sample.db < this; look: sqlite3 sample.db 'SELECT * FROM leak'
PRAGMA application_id = 1279607123;
PRAGMA user_version = 2;
BEGIN;
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE run (
  id INTEGER PRIMARY KEY, pid INTEGER, ppid INTEGER, argv TEXT, cwd TEXT, executable TEXT,
  began_unix_ns INTEGER, ended_ns INTEGER, ended_unix_ns INTEGER,
  end_kind TEXT NOT NULL,               -- running, complete, exited, crashed
  exit_code INTEGER, options TEXT, seed INTEGER, virtual_time INTEGER, level TEXT, dropped INTEGER NOT NULL DEFAULT 0);
CREATE TABLE thread (id INTEGER PRIMARY KEY, tid INTEGER, name TEXT);
CREATE TABLE loop (
  id INTEGER PRIMARY KEY, thread_id INTEGER, site_id INTEGER, main_task_id INTEGER, began_ns INTEGER,
  main_ended_ns INTEGER, main_code INTEGER, ended_ns INTEGER, end_kind TEXT);
CREATE TABLE module (id INTEGER PRIMARY KEY, path TEXT, build_id TEXT, base INTEGER, size INTEGER);
CREATE TABLE frame (
  id INTEGER PRIMARY KEY, module_id INTEGER NOT NULL, offset INTEGER NOT NULL,
  func TEXT, file TEXT, line INTEGER, inlined INTEGER NOT NULL DEFAULT 0);
CREATE TABLE stack (id INTEGER PRIMARY KEY, depth INTEGER NOT NULL);
CREATE TABLE stack_frame (
  stack_id INTEGER NOT NULL, position INTEGER NOT NULL, frame_id INTEGER NOT NULL,   -- 0: innermost
  PRIMARY KEY (stack_id, position)) WITHOUT ROWID;
CREATE TABLE site (id INTEGER PRIMARY KEY, file TEXT, line INTEGER, func TEXT, expr TEXT);
CREATE TABLE coro (
  id INTEGER PRIMARY KEY, site_id INTEGER, creator_task_id INTEGER, argument INTEGER, function_frame_id INTEGER,
  created_ns INTEGER, stack_id INTEGER, state TEXT NOT NULL,   -- created, running, done, failed, cancelled, closed, task
  task_id INTEGER,          -- the task that took it (state task)
  awaiter_task_id INTEGER, parent_coro_id INTEGER, await_site_id INTEGER,   -- who runs it inline, inside which body
  began_ns INTEGER, ended_ns INTEGER, code INTEGER, facts INTEGER NOT NULL DEFAULT 0);
CREATE TABLE task (
  id INTEGER PRIMARY KEY, coro_id INTEGER, name TEXT, site_id INTEGER, coro_site_id INTEGER, creator_task_id INTEGER,
  loop_id INTEGER, thread_id INTEGER, argument INTEGER, function_frame_id INTEGER, stack_id INTEGER,
  created_ns INTEGER, began_ns INTEGER, ended_ns INTEGER,
  state TEXT NOT NULL,      -- pending, done, failed, cancelled
  code INTEGER, failure_id INTEGER, daemon INTEGER NOT NULL DEFAULT 0, detached INTEGER NOT NULL DEFAULT 0,
  facts INTEGER NOT NULL DEFAULT 0, lost_ns INTEGER, held_ns INTEGER,   -- by scans: first found lost, last found held
  exit_await_id INTEGER,    -- the await it was in when it was judged pending (the clean-up ends that await afterwards)
  steps INTEGER, run_ns INTEGER,                                        -- level steps only
  exit_stack_id INTEGER,    -- where it stood then
  keeper_task_id INTEGER);
CREATE TABLE future (
  id INTEGER PRIMARY KEY, name TEXT, site_id INTEGER, creator_task_id INTEGER, thread_id INTEGER, stack_id INTEGER,
  created_ns INTEGER, ended_ns INTEGER, state TEXT NOT NULL, code INTEGER, failure_id INTEGER,
  detached INTEGER NOT NULL DEFAULT 0, facts INTEGER NOT NULL DEFAULT 0);
CREATE TABLE object (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT, site_id INTEGER, creator_task_id INTEGER,
  created_ns INTEGER, ended_ns INTEGER, code INTEGER,
  capacity INTEGER,           -- of a queue, a semaphore (what it began with), a barrier; 0: no bound
  facts INTEGER NOT NULL DEFAULT 0,
  stack_id INTEGER,           -- of the call that made it
  first_use_stack_id INTEGER);
CREATE TABLE child (object_id INTEGER NOT NULL, position INTEGER NOT NULL, member_kind TEXT NOT NULL, member_id INTEGER NOT NULL,
  PRIMARY KEY (object_id, position)) WITHOUT ROWID;
CREATE TABLE await (
  id INTEGER PRIMARY KEY, task_id INTEGER NOT NULL, coro_id INTEGER,        -- the inline body that waits, NULL: the task's own
  target_kind TEXT NOT NULL,  -- task, future, object, sleep
  target_id INTEGER,          -- NULL for sleep
  sleep_us INTEGER, site_id INTEGER, began_ns INTEGER, ended_ns INTEGER,    -- NULL: still waiting
  code INTEGER);
CREATE TABLE cancel (
  id INTEGER PRIMARY KEY, subject_kind TEXT NOT NULL, subject_id INTEGER NOT NULL, by_task_id INTEGER,
  origin TEXT NOT NULL,       -- program, timeout, cleanup, awaiter (one that waited for it was cancelled)
  object_id INTEGER, site_id INTEGER, message TEXT, at_ns INTEGER, delivered_ns INTEGER, uncancelled_ns INTEGER);
CREATE TABLE claim (
  id INTEGER PRIMARY KEY, subject_kind TEXT NOT NULL, subject_id INTEGER NOT NULL, op TEXT NOT NULL,
  site_id INTEGER, at_ns INTEGER);
CREATE TABLE failure (
  id INTEGER PRIMARY KEY, subject_kind TEXT NOT NULL, subject_id INTEGER NOT NULL, code INTEGER, message TEXT,
  site_id INTEGER, at_ns INTEGER);
CREATE TABLE scan (
  id INTEGER PRIMARY KEY, thread_id INTEGER, at_ns INTEGER, candidates INTEGER, complete INTEGER, reason TEXT,
  bytes INTEGER, pause_ns INTEGER, lost INTEGER NOT NULL DEFAULT 0);
CREATE TABLE misuse (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, thread_id INTEGER, task_id INTEGER, site_id INTEGER, message TEXT, at_ns INTEGER,
  stack_id INTEGER);
CREATE TABLE step (id INTEGER PRIMARY KEY, task_id INTEGER NOT NULL, began_ns INTEGER, ended_ns INTEGER);
CREATE TABLE hold (           -- a task holds a lock, a condition's lock, a part of a semaphore
  id INTEGER PRIMARY KEY, object_id INTEGER NOT NULL, task_id INTEGER NOT NULL, site_id INTEGER,
  began_ns INTEGER, ended_ns INTEGER);
CREATE TABLE object_op (      -- set, cleared, notified, shut; level steps: put, got
  id INTEGER PRIMARY KEY, object_id INTEGER NOT NULL, op TEXT NOT NULL, task_id INTEGER, site_id INTEGER, at_ns INTEGER);
CREATE TABLE test_scope (     -- of leash_leaks_begin to leash_leaks_end
  id INTEGER PRIMARY KEY, name TEXT, up_id INTEGER, thread_id INTEGER, site_id INTEGER,   -- up_id: the one around it
  began_ns INTEGER, ended_ns INTEGER, findings INTEGER);
CREATE TABLE test_member (    -- what was made in it
  subject_kind TEXT NOT NULL, subject_id INTEGER NOT NULL, test_id INTEGER NOT NULL,
  PRIMARY KEY (subject_kind, subject_id)) WITHOUT ROWID;
CREATE TABLE block (          -- a step or an iteration that lasted too long
  id INTEGER PRIMARY KEY, loop_id INTEGER, task_id INTEGER,             -- NULL: a callback
  kind TEXT NOT NULL,         -- step, iteration
  state TEXT,                 -- waiting (in the kernel), running
  stack_id INTEGER,           -- while it lasted
  noticed_ns INTEGER, ended_ns INTEGER,                                 -- NULL: it never ended
  lasted_us INTEGER,          -- in reality; until it was noticed, if it never ended
  late INTEGER NOT NULL DEFAULT 0);
CREATE TABLE late (block_id INTEGER NOT NULL, task_id INTEGER NOT NULL, PRIMARY KEY (block_id, task_id)) WITHOUT ROWID;
CREATE TABLE deadlock (       -- tasks that waited for each other; a standstill
  id INTEGER PRIMARY KEY, loop_id INTEGER, kind TEXT NOT NULL,           -- cycle, standstill, outside
  at_ns INTEGER, over_ns INTEGER, how TEXT);
CREATE TABLE deadlock_task (
  deadlock_id INTEGER NOT NULL, task_id INTEGER NOT NULL,
  position INTEGER NOT NULL,  -- from 1: waits for the next, the last for the first; 0: waits behind them
  await_id INTEGER, hold_site_id INTEGER,                               -- where it acquired what the one before it waits for
  PRIMARY KEY (deadlock_id, position, task_id)) WITHOUT ROWID;
CREATE TABLE site_stat (
  site_id INTEGER PRIMARY KEY, tasks INTEGER NOT NULL DEFAULT 0, coros INTEGER NOT NULL DEFAULT 0,
  pending INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, cancelled INTEGER NOT NULL DEFAULT 0,
  awaits INTEGER NOT NULL DEFAULT 0, wait_ns INTEGER NOT NULL DEFAULT 0, life_ns INTEGER NOT NULL DEFAULT 0, max_life_ns INTEGER NOT NULL DEFAULT 0);
CREATE TABLE top_task (kind TEXT NOT NULL, rank INTEGER NOT NULL, task_id INTEGER NOT NULL, value INTEGER NOT NULL,
  PRIMARY KEY (kind, rank)) WITHOUT ROWID;
CREATE TABLE total (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE drain (thread_id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, slot INTEGER NOT NULL, last_ns INTEGER NOT NULL);
CREATE TABLE dropped (id INTEGER PRIMARY KEY, events INTEGER NOT NULL, at_ns INTEGER, reason TEXT);
CREATE TABLE errno (code INTEGER PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE finding (                          -- view `leak` as it stood at the end of the run
  id INTEGER PRIMARY KEY, class TEXT NOT NULL, severity TEXT NOT NULL, also TEXT, subject_kind TEXT NOT NULL,
  subject_id INTEGER NOT NULL, site_id INTEGER, stack_id INTEGER, at_ns INTEGER, detail TEXT);
INSERT INTO meta VALUES
  ('complete', 'complete'),
  ('format', 2),
  ('leash', '0.1.0'),
  ('rules_version', '67c5475279db');
INSERT INTO run VALUES
  (1, 4711, 4710, './leaky', '/home/you', './leaky', 1767225600000000000, 505000000, NULL, 'complete', NULL, '', 0, 0, 'lifecycle', 0);
INSERT INTO thread VALUES
  (1, 4711, 'main');
INSERT INTO loop VALUES
  (1, 1, 2, 1, 1000000, 503000000, 0, 505000000, 'complete');
INSERT INTO site VALUES
  (1, 'src/shop.c', 90, 'main', 'app'),
  (2, 'src/shop.c', 90, 'main', 'leash_coro(app, NULL)'),
  (3, 'src/shop.c', 20, 'start', 'worker'),
  (4, 'src/shop.c', 20, 'start', 'leash_coro(worker, &jobs)'),
  (5, 'src/shop.c', 30, 'audit', 'write_audit'),
  (6, 'src/shop.c', 30, 'audit', 'leash_coro(write_audit, event)'),
  (7, 'src/shop.c', 40, 'get_user', 'fetch_user'),
  (8, 'src/shop.c', 40, 'get_user', 'leash_coro(fetch_user, &id)'),
  (9, 'src/shop.c', 50, 'app', 'notify'),
  (10, 'src/shop.c', 50, 'app', 'leash_coro(notify, NULL)'),
  (20, 'src/shop.c', 9, 'worker', 'leash_sleep'),
  (21, 'src/shop.c', 61, 'get_user', 'leash_fail'),
  (22, 'src/shop.c', 70, 'app', 'flush_cache'),
  (23, 'src/shop.c', 72, 'supervise', 'first');
INSERT INTO coro VALUES
  (7, 22, 1, NULL, NULL, 1000000, NULL, 'created', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 512);
INSERT INTO task VALUES
  (1, 1, NULL, 2, 1, NULL, 1, 1, NULL, NULL, NULL, 0, 1000000, 503000000, 'done', 0, NULL, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (2, 2, 'worker-0', 4, 3, 1, 1, 1, 139637976731776, NULL, NULL, 1000000, 2000000, 504000000, 'cancelled', -125, NULL, 0, 0, 69, NULL, NULL, 2, NULL, NULL, NULL, NULL),
  (3, 3, NULL, 6, 5, 1, 1, 1, 139637976731840, NULL, NULL, 1000000, 2000000, 504000000, 'cancelled', -125, NULL, 0, 0, 321, 503000000, NULL, 3, NULL, NULL, NULL, NULL),
  (4, 4, NULL, 8, 7, 1, 1, 1, 139637976731904, NULL, NULL, 1000000, 2000000, 4000000, 'failed', -5, 1, 0, 0, 192, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (5, 5, NULL, 10, 9, 1, 1, 1, 139637976731968, NULL, NULL, 1000000, 2000000, 5000000, 'done', 0, NULL, 0, 0, 64, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (6, 6, 'supervisor', 4, 3, 1, 1, 1, 139637976732032, NULL, NULL, 1000000, 2000000, 504000000, 'cancelled', -125, NULL, 0, 0, 33, NULL, NULL, 4, NULL, NULL, NULL, NULL);
INSERT INTO await VALUES
  (1, 1, NULL, 'sleep', NULL, 500000, 20, 2000000, 502000000, 0),
  (2, 2, NULL, 'sleep', NULL, 3600000000, 20, 3000000, 504000000, -125),
  (3, 3, NULL, 'sleep', NULL, 10000000, 20, 3000000, 504000000, -125),
  (4, 6, NULL, 'task', 2, NULL, 23, 6000000, 504000000, NULL);
INSERT INTO cancel VALUES
  (1, 'task', 2, NULL, 'cleanup', NULL, NULL, NULL, 504000000, 504000000, NULL),
  (2, 'task', 3, NULL, 'cleanup', NULL, NULL, NULL, 504000000, 504000000, NULL),
  (3, 'task', 6, NULL, 'cleanup', NULL, NULL, NULL, 504000000, 504000000, NULL);
INSERT INTO failure VALUES
  (1, 'task', 4, -5, 'connection reset', 21, 3000000);
INSERT INTO scan VALUES
  (1, 1, 503000000, 1, 1, 'complete', 1048576, 150000, 1);
INSERT INTO site_stat VALUES
  (1, 0, 1, 0, 0, 0, 0, 0, 0, 0),
  (2, 1, 0, 0, 0, 0, 0, 0, 503000000, 503000000),
  (3, 0, 2, 0, 0, 0, 0, 0, 0, 0),
  (4, 2, 0, 0, 0, 2, 0, 0, 1006000000, 503000000),
  (5, 0, 1, 0, 0, 0, 0, 0, 0, 0),
  (6, 1, 0, 0, 0, 1, 0, 0, 503000000, 503000000),
  (7, 0, 1, 0, 0, 0, 0, 0, 0, 0),
  (8, 1, 0, 0, 1, 0, 0, 0, 3000000, 3000000),
  (9, 0, 1, 0, 0, 0, 0, 0, 0, 0),
  (10, 1, 0, 0, 0, 0, 0, 0, 4000000, 4000000),
  (20, 0, 0, 0, 0, 0, 3, 1502000000, 0, 0),
  (22, 0, 1, 0, 0, 0, 0, 0, 0, 0),
  (23, 0, 0, 0, 0, 0, 1, 498000000, 0, 0);
INSERT INTO top_task VALUES
  ('life', 1, 1, 503000000),
  ('life', 2, 2, 503000000),
  ('life', 3, 3, 503000000),
  ('life', 4, 6, 503000000),
  ('life', 5, 5, 4000000),
  ('life', 6, 4, 3000000),
  ('wait', 1, 2, 501000000),
  ('wait', 2, 3, 501000000),
  ('wait', 3, 1, 500000000),
  ('wait', 4, 6, 498000000);
INSERT INTO total VALUES
  ('awaits', 4),
  ('bad_events', 0),
  ('bad_segments', 0),
  ('bad_slots', 0),
  ('cancels', 3),
  ('claims', 0),
  ('coros', 7),
  ('events', 69),
  ('failures', 1),
  ('futures', 0),
  ('misuses', 0),
  ('object_ops', 0),
  ('objects', 0),
  ('steps', 0),
  ('tasks', 6),
  ('tasks_cancelled', 3),
  ('tasks_done', 2),
  ('tasks_failed', 1);
INSERT INTO drain VALUES
  (1, 1, 107, 505000000);
INSERT INTO errno VALUES
  (-125, 'ECANCELED', 'Operation canceled'),
  (-5, 'EIO', 'Input/output error');
INSERT INTO finding VALUES
  (1, 'never-awaited', 'error', NULL, 'coro', 7, 22, NULL, 1000000, 'never started'),
  (2, 'pending-at-exit', 'error', NULL, 'task', 2, 4, NULL, 1000000, 'slept for 3600.000s'),
  (3, 'unreferenced', 'error', 'pending-at-exit', 'task', 3, 6, NULL, 1000000, 'no live reference found, slept for 10.000s'),
  (4, 'never-retrieved', 'error', NULL, 'task', 4, 8, NULL, 4000000, 'EIO: connection reset'),
  (5, 'never-joined', 'warning', NULL, 'task', 5, 10, NULL, 5000000, 'finished at +0.005s');
CREATE INDEX task_open ON task(facts) WHERE facts <> 0 OR state = 'pending';
CREATE INDEX future_judged ON future(facts) WHERE facts <> 0;
CREATE INDEX coro_judged ON coro(facts) WHERE facts <> 0;
CREATE INDEX object_judged ON object(facts) WHERE facts <> 0;
CREATE INDEX task_by_site ON task(site_id);
CREATE INDEX await_by_task ON await(task_id);
CREATE VIEW "rule_deadlock" AS SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, d.at_ns AS at_ns,
  CASE WHEN d.kind = 'standstill' THEN 'nothing was left that could wake it: ' ELSE '' END ||
  (SELECT group_concat(wait, '; ') FROM (
    SELECT printf('#%d waited for ', m.task_id) ||
      CASE WHEN a.id IS NULL THEN 'nothing known' WHEN o.id IS NULL THEN printf('%s %d', a.target_kind, a.target_id)
        ELSE printf('%s %d', o.kind, o.id) || coalesce(' "' || o.name || '"', '') END ||
      coalesce(' at ' || w.file || ':' || w.line, '') ||
      CASE WHEN h.id IS NULL THEN '' ELSE printf(', acquired by #%d at %s:%d', n.task_id, h.file, h.line) END AS wait
    FROM deadlock_task m
    LEFT JOIN await a ON a.id = m.await_id
    LEFT JOIN object o ON a.target_kind = 'object' AND o.id = a.target_id
    LEFT JOIN site w ON w.id = a.site_id
    LEFT JOIN deadlock_task n ON n.deadlock_id = m.deadlock_id AND n.position =
      CASE WHEN m.position = (SELECT max(position) FROM deadlock_task WHERE deadlock_id = d.id) THEN 1
        ELSE m.position + 1 END
    LEFT JOIN site h ON h.id = n.hold_site_id
    WHERE m.deadlock_id = d.id AND m.position BETWEEN 1 AND 16 ORDER BY m.position)) AS detail,
  t.code AS code
FROM deadlock d
JOIN deadlock_task r ON r.deadlock_id = d.id AND r.position = 1
JOIN task t ON t.id = r.task_id
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
WHERE d.kind <> 'outside' AND coalesce(d.how, '') <> 'undone';
CREATE VIEW "rule_deadlock_outside" AS SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, d.at_ns AS at_ns,
  'only threads that nobody declared could have woken it: waited for ' ||
  CASE WHEN a.id IS NULL THEN 'nothing known' ELSE printf('%s %d', a.target_kind, a.target_id) END ||
  coalesce(' at ' || w.file || ':' || w.line, '') AS detail,
  t.code AS code
FROM deadlock d
JOIN deadlock_task r ON r.deadlock_id = d.id AND r.position = 1
JOIN task t ON t.id = r.task_id
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
LEFT JOIN await a ON a.id = r.await_id
LEFT JOIN site w ON w.id = a.site_id
WHERE d.kind = 'outside' AND d.over_ns IS NULL;
CREATE VIEW "rule_unreferenced" AS SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, t.created_ns AS at_ns,
  CASE WHEN t.keeper_task_id IS NULL THEN 'no live reference found'
    WHEN t.keeper_task_id = t.id THEN 'held only by itself'
    ELSE printf('held only by unreferenced task %d', t.keeper_task_id) END || CASE
    WHEN NOT t.facts & 1 THEN printf(' since +%.3fs', t.lost_ns / 1e9)
    WHEN t.began_ns IS NULL THEN ', never ran'
    WHEN a.id IS NULL THEN ', waited for nothing known'
    WHEN a.target_kind = 'sleep' THEN printf(', slept for %.3fs', a.sleep_us / 1e6)
    ELSE printf(', waited for %s %d', a.target_kind, a.target_id) END AS detail,
  t.code AS code
FROM task t
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
LEFT JOIN await a ON a.id = t.exit_await_id
WHERE (t.facts <> 0 OR t.state = 'pending') AND CASE WHEN t.facts & 1
  THEN t.facts & 256 AND t.facts & 64 AND NOT t.facts & 16 AND NOT t.facts & 4 AND NOT t.facts & 8
  ELSE t.state = 'pending' AND t.lost_ns > coalesce(t.held_ns, -1) AND NOT t.daemon AND NOT t.detached END;
CREATE VIEW "rule_never_retrieved" AS SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, t.ended_ns AS at_ns,
  coalesce(e.name, printf('error %d', -t.code)) || coalesce(': ' || nullif(m.message, ''), '') AS detail,
  t.code AS code
FROM task t
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
LEFT JOIN errno e ON e.code = t.code
LEFT JOIN failure m ON m.id = t.failure_id
WHERE t.facts <> 0 AND t.facts & 128
UNION ALL
SELECT 'future', u.id, coalesce(u.name, s.expr), u.site_id, u.stack_id, u.ended_ns,
  coalesce(e.name, printf('error %d', -u.code)) || coalesce(': ' || nullif(m.message, ''), ''),
  u.code
FROM future u
LEFT JOIN site s ON s.id = u.site_id
LEFT JOIN errno e ON e.code = u.code
LEFT JOIN failure m ON m.id = u.failure_id
WHERE u.facts <> 0 AND u.facts & 128;
CREATE VIEW "rule_pending_at_exit" AS SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, t.created_ns AS at_ns,
  CASE
    WHEN t.began_ns IS NULL THEN 'never ran'
    WHEN a.id IS NULL THEN 'waited for nothing known'
    WHEN a.target_kind = 'sleep' THEN printf('slept for %.3fs', a.sleep_us / 1e6)
    ELSE printf('waited for %s %d', a.target_kind, a.target_id) END AS detail,
  t.code AS code
FROM task t
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
LEFT JOIN await a ON a.id = t.exit_await_id
WHERE t.facts <> 0 AND t.facts & 1 AND NOT t.facts & 2 AND NOT t.facts & 16;
CREATE VIEW "rule_lock_held" AS SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, t.ended_ns AS at_ns,
  coalesce('held ' || o.kind || ' ' || o.id || coalesce(' "' || o.name || '"', '') ||
    printf(' since +%.3fs', min(h.began_ns) / 1e9) || coalesce(', acquired at ' || a.file || ':' || a.line, ''),
    'held a lock') AS detail,
  t.code AS code
FROM task t
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
LEFT JOIN hold h ON h.task_id = t.id AND (h.ended_ns IS NULL OR h.ended_ns >= t.ended_ns)
  AND (SELECT kind FROM object WHERE id = h.object_id) IN ('lock', 'condition')
LEFT JOIN object o ON o.id = h.object_id
LEFT JOIN site a ON a.id = h.site_id
WHERE t.facts <> 0 AND t.facts & 2048
GROUP BY +t.id;
CREATE VIEW "rule_never_joined" AS SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, t.ended_ns AS at_ns,
  CASE WHEN t.facts & 1024 THEN coalesce(printf('lost since +%.3fs, ', t.lost_ns / 1e9), 'lost earlier, ') ELSE '' END
    || printf('finished at +%.3fs', t.ended_ns / 1e9) AS detail,
  t.code AS code
FROM task t
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
WHERE t.facts <> 0 AND t.facts & 64 AND t.state = 'done' AND NOT t.facts & 32;
CREATE VIEW "rule_cancelled_not_awaited" AS SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, t.created_ns AS at_ns,
  'cancelled, ' || CASE
    WHEN t.began_ns IS NULL THEN 'never ran'
    WHEN a.id IS NULL THEN 'waited for nothing known'
    WHEN a.target_kind = 'sleep' THEN printf('slept for %.3fs', a.sleep_us / 1e6)
    ELSE printf('waited for %s %d', a.target_kind, a.target_id) END AS detail,
  t.code AS code
FROM task t
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
LEFT JOIN await a ON a.id = t.exit_await_id
WHERE t.facts <> 0 AND t.facts & 1 AND t.facts & 2 AND NOT t.facts & 16;
CREATE VIEW "rule_cancel_ignored" AS SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, t.created_ns AS at_ns,
  'cancelled' || coalesce(
    CASE
      WHEN c.origin = 'awaiter' AND c.by_task_id IS NULL THEN ' with a gather'
      WHEN c.origin = 'awaiter' THEN printf(' with #%d, which waited for it', c.by_task_id) ||
        coalesce((SELECT ' and was cancelled' || coalesce(printf(' by #%d', u.by_task_id), '') ||
            coalesce(' at ' || x.file || ':' || x.line, '')
          FROM cancel u LEFT JOIN site x ON x.id = u.site_id
          WHERE u.subject_kind = 'task' AND u.subject_id = c.by_task_id AND u.id < c.id AND u.origin = 'program'
          ORDER BY u.id DESC LIMIT 1), '')
      ELSE coalesce(printf(' by #%d', c.by_task_id), '') || coalesce(' at ' || k.file || ':' || k.line, '') END, '') ||
  coalesce((SELECT ', then waited for ' ||
      CASE a.target_kind WHEN 'sleep' THEN printf('%.3fs', a.sleep_us / 1e6)
        ELSE printf('%s %d', a.target_kind, a.target_id) END || coalesce(' at ' || w.file || ':' || w.line, '')
    FROM await a LEFT JOIN site w ON w.id = a.site_id
    WHERE a.task_id = t.id AND a.id > coalesce((SELECT max(b.id) FROM await b
      WHERE b.task_id = t.id AND b.ended_ns <= c.delivered_ns AND b.began_ns <= c.at_ns), 0)
    ORDER BY a.id LIMIT 1), '') ||
  CASE t.state WHEN 'pending' THEN ' and never ended' WHEN 'done' THEN ' and ended well'
    ELSE ' and ' || t.state END AS detail,
  t.code AS code
FROM task t
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
LEFT JOIN cancel c ON c.id = (SELECT min(id) FROM cancel WHERE subject_kind = 'task' AND subject_id = t.id
  AND origin IN ('program', 'awaiter') AND delivered_ns IS NOT NULL)
LEFT JOIN site k ON k.id = c.site_id
WHERE t.facts <> 0 AND t.facts & 524288;
CREATE VIEW "rule_failure_hidden" AS SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, t.ended_ns AS at_ns,
  coalesce(e.name, printf('error %d', -t.code)) || coalesce(': ' || nullif(m.message, ''), '') AS detail,
  t.code AS code
FROM task t
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
LEFT JOIN errno e ON e.code = t.code
LEFT JOIN failure m ON m.id = t.failure_id
WHERE t.facts <> 0 AND t.facts & 32768
UNION ALL
SELECT 'future', u.id, coalesce(u.name, s.expr), u.site_id, u.stack_id, u.ended_ns,
  coalesce(e.name, printf('error %d', -u.code)) || coalesce(': ' || nullif(m.message, ''), ''),
  u.code
FROM future u
LEFT JOIN site s ON s.id = u.site_id
LEFT JOIN errno e ON e.code = u.code
LEFT JOIN failure m ON m.id = u.failure_id
WHERE u.facts <> 0 AND u.facts & 32768;
CREATE VIEW "rule_never_awaited" AS SELECT 'coro' AS subject_kind, c.id AS subject_id, coalesce(f.func, s.expr) AS name, c.site_id AS site_id,
  c.stack_id AS stack_id, c.created_ns AS at_ns, 'never started' AS detail, c.code AS code
FROM coro c
LEFT JOIN site s ON s.id = c.site_id
LEFT JOIN frame f ON f.id = c.function_frame_id
WHERE c.facts <> 0 AND c.facts & 512;
CREATE VIEW "rule_semaphore_short" AS SELECT 'object' AS subject_kind, o.id AS subject_id, coalesce(o.name, s.expr) AS name, o.site_id AS site_id,
  o.stack_id AS stack_id, o.ended_ns AS at_ns,
  coalesce('began with ' || o.capacity || ' and ended with less', 'ended with less than it began with') AS detail,
  o.code AS code
FROM object o
LEFT JOIN site s ON s.id = o.site_id
WHERE o.facts <> 0 AND o.facts & 16384;
CREATE VIEW "rule_generator_left_open" AS SELECT 'object' AS subject_kind, o.id AS subject_id, coalesce(o.name, s.expr) AS name, o.site_id AS site_id,
  o.stack_id AS stack_id, o.created_ns AS at_ns, 'neither exhausted nor closed' AS detail, o.code AS code
FROM object o
LEFT JOIN site s ON s.id = o.site_id
WHERE o.facts <> 0 AND o.facts & 4096 AND o.kind = 'generator';
CREATE VIEW "rule_items_left" AS SELECT 'object' AS subject_kind, o.id AS subject_id, coalesce(o.name, s.expr) AS name, o.site_id AS site_id,
  o.stack_id AS stack_id, o.ended_ns AS at_ns, 'items that nobody took, or a task_done that is owed' AS detail, o.code AS code
FROM object o
LEFT JOIN site s ON s.id = o.site_id
WHERE o.facts <> 0 AND o.facts & 8192;
CREATE VIEW "rule_serial_awaits" AS SELECT 'coro' AS subject_kind, q.id AS subject_id, coalesce(f.func, s.expr) AS name, q.site_id AS site_id,
  q.stack_id AS stack_id, q.began_ns AS at_ns,
  printf('%d in turn took %.3fs, %.3fs more than side by side', q.turns, q.took / 1e9, (q.took - q.longest) / 1e9)
    AS detail,
  q.code AS code
FROM (
  SELECT p.*, count(*) OVER same AS turns, sum(p.ended_ns - p.began_ns) OVER same AS took,
    max(p.ended_ns - p.began_ns) OVER same AS longest
  FROM (
    SELECT c.*, sum(c.facts & 131072) OVER (PARTITION BY c.awaiter_task_id, c.parent_coro_id ORDER BY c.began_ns, c.id)
      AS sequence
    FROM coro c
    WHERE c.facts <> 0 AND c.facts & 393216) p
  WINDOW same AS (PARTITION BY p.awaiter_task_id, p.parent_coro_id, p.sequence)) q
LEFT JOIN site s ON s.id = q.site_id
LEFT JOIN frame f ON f.id = q.function_frame_id
WHERE q.facts & 131072;
CREATE VIEW "rule_blocked_loop" AS SELECT CASE WHEN b.task_id IS NULL THEN 'unknown' ELSE 'task' END AS subject_kind,
  coalesce(b.task_id, l.thread_id, 0) AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, b.noticed_ns AS at_ns,
  CASE WHEN b.times > 1 THEN printf('%d times, the longest: ', b.times) ELSE '' END ||
  CASE WHEN b.kind = 'iteration' THEN 'many steps of one iteration, at last ' ELSE '' END ||
  CASE WHEN b.stack_id IS NULL THEN '' ELSE coalesce((
    SELECT CASE WHEN b.state = 'running' THEN 'computing in ' ELSE 'in ' END ||
      coalesce(i.func, 'a function without a name') ||
      CASE WHEN p.at = 0 THEN coalesce(' at ' || replace(i.file, rtrim(i.file, replace(i.file, '/', '')), '') || ':' || i.line, '') || coalesce(', called by ' || o.func, '')
      ELSE ', called by ' || coalesce(c.func, '?') || coalesce(' at ' || replace(c.file, rtrim(c.file, replace(c.file, '/', '')), '') || ':' || c.line, '') END || ', '
    FROM (
      SELECT min(x.position) AS at FROM stack_frame x JOIN frame y ON y.id = x.frame_id
      WHERE x.stack_id = b.stack_id AND y.module_id = (
        SELECT v.module_id FROM stack_frame u JOIN frame v ON v.id = u.frame_id WHERE u.stack_id = b.stack_id
        ORDER BY u.position DESC LIMIT 1)) p
    LEFT JOIN stack_frame ci ON ci.stack_id = b.stack_id AND ci.position = p.at
    LEFT JOIN frame c ON c.id = ci.frame_id
    LEFT JOIN stack_frame ii ON ii.stack_id = b.stack_id AND ii.position = max(p.at - 1, 0)
    LEFT JOIN frame i ON i.id = ii.frame_id
    LEFT JOIN stack_frame oi ON oi.stack_id = b.stack_id AND oi.position = p.at + 1
    LEFT JOIN frame o ON o.id = oi.frame_id), '') END ||
  printf(CASE WHEN b.ended_ns IS NULL THEN 'for more than %.3fs' ELSE 'for %.3fs' END, b.lasted_us / 1e6) ||
  CASE WHEN b.late = 0 THEN '' ELSE printf('; late: %s%s', (
    SELECT group_concat('#' || e.id || coalesce(' ' || coalesce(e.name, g.func, h.expr), ''), ', ')
    FROM (SELECT task_id FROM late WHERE block_id = b.id ORDER BY task_id LIMIT 3) k
    JOIN task e ON e.id = k.task_id
    LEFT JOIN site h ON h.id = e.coro_site_id
    LEFT JOIN frame g ON g.id = e.function_frame_id),
    CASE WHEN b.late > 3 THEN printf(' and %d more', b.late - 3) ELSE '' END) END AS detail,
  NULL AS code
FROM (
  SELECT id, task_id, loop_id, kind, state, stack_id, noticed_ns, ended_ns, max(lasted_us) AS lasted_us, late,
    count(*) AS times
  FROM block GROUP BY task_id, CASE WHEN task_id IS NULL THEN loop_id END) b
LEFT JOIN loop l ON l.id = b.loop_id
LEFT JOIN task t ON t.id = b.task_id
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id;
CREATE VIEW "rule_wrong_thread" AS SELECT CASE WHEN m.task_id IS NULL THEN 'unknown' ELSE 'task' END AS subject_kind,
  coalesce(m.task_id, m.thread_id, 0) AS subject_id, coalesce(t.name, f.func, s.expr) AS name, m.site_id AS site_id,
  m.stack_id AS stack_id, m.at_ns AS at_ns,
  CASE WHEN m.times > 1 THEN m.times || ' times, first: ' ELSE '' END || m.message AS detail,
  NULL AS code
FROM (
  SELECT min(id) AS id, count(*) AS times, task_id, thread_id, site_id, stack_id, message, at_ns
  FROM misuse WHERE kind = 'wrong-thread'
  GROUP BY task_id, CASE WHEN task_id IS NULL THEN thread_id END) m
LEFT JOIN task t ON t.id = m.task_id
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id;
CREATE VIEW "rule_awaited_twice" AS SELECT CASE WHEN m.task_id IS NULL THEN 'unknown' ELSE 'task' END AS subject_kind,
  coalesce(m.task_id, m.thread_id, 0) AS subject_id, coalesce(t.name, f.func, s.expr) AS name, m.site_id AS site_id,
  m.stack_id AS stack_id, m.at_ns AS at_ns,
  CASE WHEN m.times > 1 THEN m.times || ' times, first: ' ELSE '' END || m.message AS detail,
  NULL AS code
FROM (
  SELECT min(id) AS id, count(*) AS times, task_id, thread_id, site_id, stack_id, message, at_ns
  FROM misuse WHERE kind = 'awaited-twice'
  GROUP BY task_id, CASE WHEN task_id IS NULL THEN thread_id END) m
LEFT JOIN task t ON t.id = m.task_id
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id;
CREATE VIEW "rule_hit" AS SELECT 0 AS precedence, 'deadlock' AS class, 'error' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_deadlock UNION ALL SELECT 1 AS precedence, 'deadlock' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_deadlock_outside UNION ALL SELECT 2 AS precedence, 'unreferenced' AS class, 'error' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_unreferenced UNION ALL SELECT 3 AS precedence, 'never-retrieved' AS class, 'error' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_never_retrieved UNION ALL SELECT 4 AS precedence, 'pending-at-exit' AS class, 'error' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_pending_at_exit UNION ALL SELECT 5 AS precedence, 'lock-held' AS class, 'error' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_lock_held UNION ALL SELECT 6 AS precedence, 'never-joined' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_never_joined UNION ALL SELECT 7 AS precedence, 'cancelled-not-awaited' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_cancelled_not_awaited UNION ALL SELECT 8 AS precedence, 'cancel-ignored' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_cancel_ignored UNION ALL SELECT 9 AS precedence, 'failure-hidden' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_failure_hidden UNION ALL SELECT 10 AS precedence, 'never-awaited' AS class, 'error' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_never_awaited UNION ALL SELECT 11 AS precedence, 'lock-held' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_semaphore_short UNION ALL SELECT 12 AS precedence, 'generator-left-open' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_generator_left_open UNION ALL SELECT 13 AS precedence, 'items-left' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_items_left UNION ALL SELECT 14 AS precedence, 'serial-awaits' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_serial_awaits UNION ALL SELECT 15 AS precedence, 'blocked-loop' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_blocked_loop UNION ALL SELECT 16 AS precedence, 'wrong-thread' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_wrong_thread UNION ALL SELECT 17 AS precedence, 'awaited-twice' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_awaited_twice;
CREATE VIEW "rule_stuck" AS SELECT 0 AS precedence, 'deadlock' AS class, 'error' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_deadlock UNION ALL SELECT 1 AS precedence, 'deadlock' AS class, 'warning' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_deadlock_outside UNION ALL SELECT 2 AS precedence, 'unreferenced' AS class, 'error' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_unreferenced UNION ALL SELECT 4 AS precedence, 'pending-at-exit' AS class, 'error' AS severity, subject_kind, subject_id, name, site_id, stack_id, at_ns, detail, code FROM rule_pending_at_exit;
CREATE VIEW "coroutine" AS -- Every coroutine object: those with a row of their own, and those that a task stands for (state task).
SELECT c.id AS id, coalesce(f.func, s.expr) AS name, c.site_id AS site_id, c.creator_task_id AS creator_task_id,
  c.argument AS argument, c.function_frame_id AS function_frame_id, c.created_ns AS created_ns, c.stack_id AS stack_id,
  c.state AS state, c.task_id AS task_id, c.awaiter_task_id AS awaiter_task_id, c.parent_coro_id AS parent_coro_id,
  c.await_site_id AS await_site_id, c.began_ns AS began_ns, c.ended_ns AS ended_ns, c.code AS code, c.facts AS facts
FROM coro c
LEFT JOIN site s ON s.id = c.site_id
LEFT JOIN frame f ON f.id = c.function_frame_id
WHERE c.state <> 'task'
UNION ALL
SELECT t.coro_id, coalesce(f.func, s.expr), t.coro_site_id, t.creator_task_id, t.argument, t.function_frame_id,
  t.created_ns, t.stack_id, 'task', t.id, NULL, NULL, NULL, t.began_ns, t.ended_ns, t.code, 0
FROM task t
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
WHERE t.coro_id IS NOT NULL;
CREATE VIEW "wait_edge" AS -- Who waits for whom when the loops stopped, or at the end of a trace without one: tasks for what they await, objects
-- for their unfinished members and for the tasks that hold them. `place` tells the edges of one waiter apart. Facts:
-- PENDING 1.
SELECT 'task' AS kind, t.id AS id, 'waits for' AS how, a.target_kind AS target_kind, a.target_id AS target_id,
  a.site_id AS site_id, a.began_ns AS since_ns, 0 AS place
FROM task t JOIN await a ON a.id = t.exit_await_id
WHERE (t.facts <> 0 OR t.state = 'pending') AND (t.facts & 1 OR t.state = 'pending') -- main is not judged
UNION ALL
SELECT 'task', t.id, 'waits for', a.target_kind, a.target_id, a.site_id, a.began_ns, 0
FROM task t JOIN await a ON a.task_id = t.id
WHERE (t.facts <> 0 OR t.state = 'pending') AND t.state = 'pending' AND t.exit_await_id IS NULL AND a.ended_ns IS NULL
UNION ALL
SELECT 'object', c.object_id, 'is made of', c.member_kind, c.member_id, NULL, NULL, c.position
FROM child c
LEFT JOIN task t ON c.member_kind = 'task' AND t.id = c.member_id
LEFT JOIN future u ON c.member_kind = 'future' AND u.id = c.member_id
LEFT JOIN object o ON c.member_kind = 'object' AND o.id = c.member_id
WHERE coalesce(t.id, u.id, o.id) IS NOT NULL
  AND (coalesce(t.ended_ns, u.ended_ns, o.ended_ns) IS NULL OR coalesce(t.facts, u.facts, 0) & 1)
UNION ALL
SELECT 'object', h.object_id, 'is held by', 'task', h.task_id, h.site_id, h.began_ns, 1000000000 + h.id
FROM hold h
LEFT JOIN task t ON t.id = h.task_id
LEFT JOIN loop l ON l.id = t.loop_id
WHERE h.ended_ns IS NULL OR h.ended_ns >= coalesce(l.main_ended_ns, l.ended_ns);
CREATE VIEW "chain" AS -- From each task that waits to its root cause, a row a link: at `position` (from 1) the waiter waits for the target, at
-- the site. Of several members or holders of an object the first is followed. `cycle`: the target stands above already.
WITH RECURSIVE
  onward AS (
    SELECT kind, id, how, target_kind, target_id, site_id, since_ns, min(place) AS place FROM wait_edge
    GROUP BY kind, id),
  walk(task_id, position, kind, id, how, target_kind, target_id, site_id, since_ns, path, cycle) AS (
    SELECT id, 1, kind, id, how, target_kind, target_id, site_id, since_ns, '/task' || id || '/',
      target_kind = 'task' AND target_id = id
    FROM onward WHERE kind = 'task'
    UNION ALL
    SELECT w.task_id, w.position + 1, n.kind, n.id, n.how, n.target_kind, n.target_id, n.site_id, n.since_ns,
      w.path || n.kind || n.id || '/',
      instr(w.path || n.kind || n.id || '/', '/' || n.target_kind || n.target_id || '/') > 0
    FROM walk w JOIN onward n ON n.kind = w.target_kind AND n.id = w.target_id
    WHERE NOT coalesce(w.cycle, 0) AND w.position < 1000)
SELECT w.task_id AS task_id, w.position AS position, w.kind AS waiter_kind, w.id AS waiter_id,
  CASE w.kind WHEN 'task' THEN coalesce(t.name, f.func, c.expr) ELSE coalesce(o.name, o.kind) END AS waiter,
  w.how AS how, w.target_kind AS target_kind, w.target_id AS target_id,
  s.file AS file, s.line AS line, s.func AS func, w.site_id AS site_id, w.since_ns AS since_ns,
  coalesce(w.cycle, 0) AS cycle
FROM walk w
LEFT JOIN task t ON w.kind = 'task' AND t.id = w.id
LEFT JOIN site c ON c.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
LEFT JOIN object o ON w.kind = 'object' AND o.id = w.id
LEFT JOIN site s ON s.id = w.site_id;
CREATE VIEW "event_all" AS -- Everything that happened, unrolled from the tables: a row each, in no order. `part` and `row` tell it apart: which SELECT
-- of these, and the rowid of what that reads. Of one instant the parts come in order of their numbers: creations first, ends
-- last; the order between threads is not known.
SELECT began_ns AS at_ns, 'loop-begin' AS kind, 'loop' AS subject_kind, id AS subject_id, NULL AS by_task,
  site_id AS site_id, printf('thread %d, main is task %d', thread_id, main_task_id) AS what, 0 AS part, id AS row
  FROM loop
UNION ALL SELECT main_ended_ns, 'main-ended', 'loop', id, main_task_id, NULL, printf('code %d', main_code), 80, id
  FROM loop WHERE main_ended_ns IS NOT NULL
UNION ALL SELECT ended_ns, 'loop-end', 'loop', id, NULL, NULL, end_kind, 99, id FROM loop WHERE ended_ns IS NOT NULL
UNION ALL SELECT c.created_ns, 'coro-created', 'coro', c.id, c.creator_task_id, c.site_id, s.expr, 10, c.id FROM coro c
  LEFT JOIN site s ON s.id = c.site_id WHERE c.created_ns IS NOT NULL
UNION ALL SELECT began_ns, 'coro-began', 'coro', id, awaiter_task_id, await_site_id, NULL, 31, id FROM coro
  WHERE began_ns IS NOT NULL
UNION ALL SELECT ended_ns, 'coro-' || state, 'coro', id, awaiter_task_id, NULL, printf('code %d', code), 50, id FROM coro
  WHERE ended_ns IS NOT NULL
UNION ALL SELECT t.created_ns, 'task-created', 'task', t.id, t.creator_task_id, t.site_id, coalesce(t.name, s.expr), 11,
  t.id
  FROM task t LEFT JOIN site s ON s.id = t.coro_site_id WHERE t.created_ns IS NOT NULL
UNION ALL SELECT began_ns, 'task-began', 'task', id, id, NULL, printf('loop %d, thread %d', loop_id, thread_id), 30, id
  FROM task WHERE began_ns IS NOT NULL
UNION ALL SELECT t.ended_ns, 'task-' || t.state, 'task', t.id, t.id, m.site_id,
  coalesce(e.name, printf('code %d', t.code)) || coalesce(': ' || nullif(m.message, ''), ''), 60, t.id
  FROM task t LEFT JOIN failure m ON m.id = t.failure_id LEFT JOIN errno e ON e.code = t.code
  WHERE t.ended_ns IS NOT NULL
UNION ALL SELECT lost_ns, 'task-lost', 'task', id, NULL, NULL, 'a scan found no live reference', 85, id FROM task
  WHERE lost_ns IS NOT NULL
UNION ALL SELECT held_ns, 'task-held', 'task', id, NULL, NULL, 'the last scan that found a live reference', 86, id
  FROM task WHERE held_ns IS NOT NULL
UNION ALL SELECT created_ns, 'future-created', 'future', id, creator_task_id, site_id, name, 12, id FROM future
  WHERE created_ns IS NOT NULL
UNION ALL SELECT u.ended_ns, 'future-' || u.state, 'future', u.id, NULL, m.site_id,
  coalesce(e.name, printf('code %d', u.code)) || coalesce(': ' || nullif(m.message, ''), ''), 61, u.id
  FROM future u LEFT JOIN failure m ON m.id = u.failure_id LEFT JOIN errno e ON e.code = u.code
  WHERE u.ended_ns IS NOT NULL
UNION ALL SELECT created_ns, 'object-created', 'object', id, creator_task_id, site_id, kind, 13, id FROM object
  WHERE created_ns IS NOT NULL
UNION ALL SELECT ended_ns, 'object-ended', 'object', id, NULL, NULL, printf('%s, code %d', kind, code), 62, id
  FROM object WHERE ended_ns IS NOT NULL
UNION ALL SELECT began_ns, 'await', 'task', task_id, task_id, site_id,
  CASE target_kind WHEN 'sleep' THEN printf('sleep %.6fs', sleep_us / 1e6)
  ELSE printf('%s %d', target_kind, target_id) END, 40, id FROM await WHERE began_ns IS NOT NULL
UNION ALL SELECT ended_ns, 'wake', 'task', task_id, task_id, site_id,
  CASE WHEN code IS NULL THEN printf('%s %d is over', target_kind, target_id) ELSE printf('code %d', code) END, 63, id
  FROM await WHERE ended_ns IS NOT NULL
UNION ALL SELECT at_ns, 'cancel', subject_kind, subject_id, by_task_id, site_id,
  origin || coalesce(': ' || nullif(message, ''), ''), 41, id FROM cancel
UNION ALL SELECT delivered_ns, 'cancel-delivered', subject_kind, subject_id, subject_id, NULL, origin, 42, id FROM cancel
  WHERE delivered_ns IS NOT NULL
UNION ALL SELECT uncancelled_ns, 'uncancel', subject_kind, subject_id, subject_id, NULL, origin, 43, id FROM cancel
  WHERE uncancelled_ns IS NOT NULL
UNION ALL SELECT at_ns, 'claim-' || op, subject_kind, subject_id, NULL, site_id, NULL, 20, id FROM claim
UNION ALL SELECT at_ns, 'scan', 'scan', id, NULL, NULL,
  printf('%d candidates, %d lost, %s', candidates, lost, coalesce(reason, 'unfinished')), 84, id FROM scan
UNION ALL SELECT at_ns, 'misuse-' || kind, 'task', task_id, task_id, site_id, message, 44, id FROM misuse
UNION ALL SELECT began_ns, 'acquired', 'object', object_id, task_id, site_id, NULL, 46, id FROM hold WHERE began_ns IS NOT NULL
UNION ALL SELECT h.ended_ns, 'released', 'object', h.object_id, h.task_id, NULL,
  printf('held for %.6fs', (h.ended_ns - h.began_ns) / 1e9), 47, h.id FROM hold h WHERE h.ended_ns IS NOT NULL
UNION ALL SELECT at_ns, op, 'object', object_id, task_id, site_id, NULL, 48, id FROM object_op
UNION ALL SELECT began_ns, 'test-begin', 'test', id, NULL, site_id, name, 5, id FROM test_scope WHERE began_ns IS NOT NULL
UNION ALL SELECT ended_ns, 'test-end', 'test', id, NULL, NULL, printf('%d findings', findings), 98, id FROM test_scope
  WHERE ended_ns IS NOT NULL
UNION ALL SELECT noticed_ns, 'block-noticed', 'task', task_id, task_id, NULL, kind || ', ' || state, 87, id FROM block
  WHERE noticed_ns IS NOT NULL
UNION ALL SELECT ended_ns, 'block-ended', 'task', task_id, task_id, NULL,
  printf('lasted %.6fs, %d late', lasted_us / 1e6, late), 88, id FROM block WHERE ended_ns IS NOT NULL
UNION ALL SELECT d.at_ns, 'deadlock', 'task', m.task_id, m.task_id, m.hold_site_id, d.kind, 49, d.id
  FROM deadlock d JOIN deadlock_task m ON m.deadlock_id = d.id AND m.position = 1 WHERE d.at_ns IS NOT NULL
UNION ALL SELECT d.over_ns, 'deadlock-' || d.how, 'task', m.task_id, m.task_id, NULL, d.kind, 51, d.id
  FROM deadlock d JOIN deadlock_task m ON m.deadlock_id = d.id AND m.position = 1 WHERE d.over_ns IS NOT NULL
UNION ALL SELECT began_ns, 'resume', 'task', task_id, task_id, NULL, NULL, 35, id FROM step
UNION ALL SELECT ended_ns, 'suspend', 'task', task_id, task_id, NULL, NULL, 45, id FROM step WHERE ended_ns IS NOT NULL;
CREATE VIEW "event" AS -- The log: what happened, in order of time.
SELECT at_ns, kind, subject_kind, subject_id, by_task, site_id, what FROM event_all ORDER BY at_ns, part, subject_id;
CREATE VIEW "leak_all" AS -- Every leaked object once, under the first class that found it. A task that is pending only because it waits for a
-- leaked one, directly or through others and what they gather, is a victim: victim_of is the task at the root. What has no
-- site, as some calls, is placed by its stack.
WITH RECURSIVE
  ranked AS (
    SELECT h.*, row_number() OVER (PARTITION BY subject_kind, subject_id ORDER BY precedence) AS place,
      group_concat(class, ',') OVER (PARTITION BY subject_kind, subject_id ORDER BY precedence
        ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS also
    FROM rule_hit h),
  leaked AS (SELECT * FROM ranked WHERE place = 1),
  -- Of their rules alone: this part stands in each of those below, and SQLite prepares it anew for each.
  stuck AS (
    SELECT id, class FROM (
      SELECT subject_id AS id, class, row_number() OVER (PARTITION BY subject_id ORDER BY precedence) AS place
      FROM rule_stuck WHERE subject_kind = 'task')
    WHERE place = 1),
  -- What a pending task waits for, through objects and tasks that are no leaks, up to the next leaked task.
  reach(waiter, kind, id) AS (
    SELECT s.id, a.target_kind, a.target_id
    FROM stuck s JOIN task t ON t.id = s.id JOIN await a ON a.id = t.exit_await_id
    WHERE s.class = 'pending-at-exit' AND a.target_id IS NOT NULL
    UNION
    SELECT r.waiter, coalesce(a.target_kind, c.member_kind), coalesce(a.target_id, c.member_id)
    FROM reach r
    LEFT JOIN task t ON r.kind = 'task' AND t.id = r.id AND t.id NOT IN (SELECT id FROM stuck)
    LEFT JOIN await a ON a.id = t.exit_await_id
    LEFT JOIN child c ON r.kind = 'object' AND c.object_id = r.id
    WHERE coalesce(a.target_id, c.member_id) IS NOT NULL),
  -- Whoever is in a deadlock or waits behind one, and its first task.
  locked(id, root) AS (
    SELECT m.task_id, min(r.task_id)
    FROM deadlock d JOIN deadlock_task m ON m.deadlock_id = d.id
    JOIN deadlock_task r ON r.deadlock_id = d.id AND r.position = 1
    JOIN stuck s ON s.id = m.task_id AND s.class <> 'deadlock' JOIN stuck f ON f.id = r.task_id AND f.class = 'deadlock'
    WHERE d.kind = 'cycle' AND d.over_ns IS NULL GROUP BY m.task_id),
  waits(waiter, target) AS (
    SELECT DISTINCT waiter, id FROM reach WHERE kind = 'task' AND id <> waiter AND id IN (SELECT id FROM stuck)
      AND waiter NOT IN (SELECT id FROM locked)
    UNION
    SELECT id, root FROM locked),
  -- From the tasks that wait for no other leaked one, back to all that wait for them.
  behind(id, root) AS (
    SELECT id, id FROM stuck WHERE id NOT IN (SELECT waiter FROM waits)
    UNION
    SELECT w.waiter, b.root FROM behind b JOIN waits w ON w.target = b.id),
  -- What is left waits in a circle or for one: its smallest id is the root.
  circle(waiter, id) AS (
    SELECT waiter, target FROM waits WHERE waiter NOT IN (SELECT id FROM behind)
    UNION
    SELECT c.waiter, w.target FROM circle c JOIN waits w ON w.waiter = c.id),
  victim(id, root) AS (
    SELECT id, min(root) FROM behind GROUP BY id
    UNION ALL
    SELECT waiter, min(id) FROM circle WHERE id IN (SELECT id FROM circle WHERE waiter = id) GROUP BY waiter)
SELECT l.class AS class, l.severity AS severity, l.also AS also, l.subject_kind AS subject_kind,
  l.subject_id AS subject_id, l.name AS name, coalesce(s.file, p.file) AS file, coalesce(s.line, p.line) AS line,
  coalesce(s.func, p.func) AS func, s.expr AS expr,
  l.site_id AS site_id, l.stack_id AS stack_id, l.at_ns AS at_ns, l.detail AS detail, l.code AS code,
  v.root AS victim_of
FROM leaked l
LEFT JOIN site s ON s.id = l.site_id
LEFT JOIN stack_frame i ON l.site_id IS NULL AND i.stack_id = l.stack_id AND i.position = 0
LEFT JOIN frame p ON p.id = i.frame_id
LEFT JOIN victim v ON l.subject_kind = 'task' AND v.id = l.subject_id AND v.root <> v.id;
CREATE VIEW "leak" AS -- Every leak once, without the victims of other leaks.
SELECT class, severity, also, subject_kind, subject_id, name, file, line, func, expr, site_id, stack_id, at_ns, detail, code
FROM leak_all WHERE victim_of IS NULL;
COMMIT;
