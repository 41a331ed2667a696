-- class: wrong-thread
-- severity: warning
-- title: a call was made on a thread that must not make it
-- hint: use leash_call_soon_threadsafe() or leash_run_coroutine_threadsafe() from other threads
--
-- The subject is the task that did it; outside of tasks it is unknown, and its id the thread's. Told once each: the
-- first. Site and stack are the call's.
SELECT CASE WHEN m.task_id IS NULL THEN 'unknown' ELSE 'task' END AS subject_kind,
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
LEFT JOIN frame f ON f.id = t.function_frame_id
