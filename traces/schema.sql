-- The tables of a trace. FORMAT.md explains every table and column; moves with LEASH_SCHEMA_VERSION.
-- Times are nanoseconds since the run began, on the loop's clock. Ids are the runtime's. NULL: not (yet) known.
PRAGMA application_id = 1279607123;
PRAGMA user_version = 2;

CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;   -- format, leash, completeness, rules_version, ...
CREATE TABLE run (
  id INTEGER PRIMARY KEY, pid INTEGER, ppid INTEGER, argv TEXT, cwd TEXT, executable TEXT,
  began_unix_ns INTEGER, ended_ns INTEGER, ended_unix_ns INTEGER,
  end_kind TEXT NOT NULL,               -- running, complete, exited, crashed
  exit_code INTEGER, options TEXT, seed INTEGER, virtual_time INTEGER, level TEXT, dropped INTEGER NOT NULL DEFAULT 0);
CREATE TABLE thread (id INTEGER PRIMARY KEY, tid INTEGER, name TEXT);
CREATE TABLE loop (
  id INTEGER PRIMARY KEY, thread_id INTEGER, site_id INTEGER, main_task_id INTEGER, began_ns INTEGER,
  main_ended_ns INTEGER, main_code INTEGER, ended_ns INTEGER, end_kind TEXT);   -- complete, deadlock, exited, stubborn, interrupted
CREATE TABLE module (id INTEGER PRIMARY KEY, path TEXT, build_id TEXT, base INTEGER, size INTEGER);
CREATE TABLE frame (
  id INTEGER PRIMARY KEY, module_id INTEGER NOT NULL, offset INTEGER NOT NULL,
  func TEXT, file TEXT, line INTEGER, inlined INTEGER NOT NULL DEFAULT 0);      -- names are stored at the end of the run
CREATE TABLE stack (id INTEGER PRIMARY KEY, depth INTEGER NOT NULL);
CREATE TABLE stack_frame (
  stack_id INTEGER NOT NULL, position INTEGER NOT NULL, frame_id INTEGER NOT NULL,   -- 0: innermost
  PRIMARY KEY (stack_id, position)) WITHOUT ROWID;
CREATE TABLE site (id INTEGER PRIMARY KEY, file TEXT, line INTEGER, func TEXT, expr TEXT);

-- One row a coroutine object, except those that went into a task at once: view `coroutine` shows all.
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
  keeper_task_id INTEGER);  -- of a lost task: the lost task whose own memory alone refers to it, maybe itself
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
  first_use_stack_id INTEGER);   -- where no call did: it was declared, or made before anything was recorded
CREATE TABLE child (object_id INTEGER NOT NULL, position INTEGER NOT NULL, member_kind TEXT NOT NULL, member_id INTEGER NOT NULL,
  PRIMARY KEY (object_id, position)) WITHOUT ROWID;
CREATE TABLE await (
  id INTEGER PRIMARY KEY, task_id INTEGER NOT NULL, coro_id INTEGER,        -- the inline body that waits, NULL: the task's own
  target_kind TEXT NOT NULL,  -- task, future, object, sleep
  target_id INTEGER,          -- NULL for sleep
  sleep_us INTEGER, site_id INTEGER, began_ns INTEGER, ended_ns INTEGER,    -- NULL: still waiting
  code INTEGER);              -- of WAKE, else NULL: ended with its target
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
  stack_id INTEGER);                                                    -- of the call
CREATE TABLE step (id INTEGER PRIMARY KEY, task_id INTEGER NOT NULL, began_ns INTEGER, ended_ns INTEGER);
CREATE TABLE hold (           -- a task holds a lock, a condition's lock, a part of a semaphore
  id INTEGER PRIMARY KEY, object_id INTEGER NOT NULL, task_id INTEGER NOT NULL, site_id INTEGER,
  began_ns INTEGER, ended_ns INTEGER);                                  -- NULL: it still holds
CREATE TABLE object_op (      -- set, cleared, notified, shut; level steps: put, got
  id INTEGER PRIMARY KEY, object_id INTEGER NOT NULL, op TEXT NOT NULL, task_id INTEGER, site_id INTEGER, at_ns INTEGER);
CREATE TABLE test_scope (     -- of leash_leaks_begin to leash_leaks_end
  id INTEGER PRIMARY KEY, name TEXT, up_id INTEGER, thread_id INTEGER, site_id INTEGER,   -- up_id: the one around it
  began_ns INTEGER, ended_ns INTEGER, findings INTEGER);                -- that it reported; NULL: it has not ended
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
  late INTEGER NOT NULL DEFAULT 0);                                     -- tasks that were kept waiting
CREATE TABLE late (block_id INTEGER NOT NULL, task_id INTEGER NOT NULL, PRIMARY KEY (block_id, task_id)) WITHOUT ROWID;
CREATE TABLE deadlock (       -- tasks that waited for each other; a standstill
  id INTEGER PRIMARY KEY, loop_id INTEGER, kind TEXT NOT NULL,           -- cycle, standstill, outside
  at_ns INTEGER, over_ns INTEGER, how TEXT);                            -- cancelled, undone; NULL: it never came to an end
CREATE TABLE deadlock_task (
  deadlock_id INTEGER NOT NULL, task_id INTEGER NOT NULL,
  position INTEGER NOT NULL,  -- from 1: waits for the next, the last for the first; 0: waits behind them
  await_id INTEGER, hold_site_id INTEGER,                               -- where it acquired what the one before it waits for
  PRIMARY KEY (deadlock_id, position, task_id)) WITHOUT ROWID;

-- Kept by the fold so that a large trace opens at once.
CREATE TABLE site_stat (
  site_id INTEGER PRIMARY KEY, tasks INTEGER NOT NULL DEFAULT 0, coros INTEGER NOT NULL DEFAULT 0,
  pending INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, cancelled INTEGER NOT NULL DEFAULT 0,
  awaits INTEGER NOT NULL DEFAULT 0, wait_ns INTEGER NOT NULL DEFAULT 0, life_ns INTEGER NOT NULL DEFAULT 0, max_life_ns INTEGER NOT NULL DEFAULT 0);
CREATE TABLE top_task (kind TEXT NOT NULL, rank INTEGER NOT NULL, task_id INTEGER NOT NULL, value INTEGER NOT NULL,
  PRIMARY KEY (kind, rank)) WITHOUT ROWID;     -- kind: wait, life
CREATE TABLE total (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;   -- tasks, coros, awaits, events, ...
CREATE TABLE drain (thread_id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, slot INTEGER NOT NULL, last_ns INTEGER NOT NULL);
CREATE TABLE dropped (id INTEGER PRIMARY KEY, events INTEGER NOT NULL, at_ns INTEGER, reason TEXT);
CREATE TABLE errno (code INTEGER PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL);   -- code as in `code`: -5, EIO
CREATE TABLE finding (                          -- view `leak` as it stood at the end of the run
  id INTEGER PRIMARY KEY, class TEXT NOT NULL, severity TEXT NOT NULL, also TEXT, subject_kind TEXT NOT NULL,
  subject_id INTEGER NOT NULL, site_id INTEGER, stack_id INTEGER, at_ns INTEGER, detail TEXT);
