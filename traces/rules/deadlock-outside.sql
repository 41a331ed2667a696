-- class: deadlock
-- severity: warning
-- title: nothing but a thread that nobody declared could have gone on with the loop, and none did
-- hint: take locks in one order, give a wait a time limit (leash_timeout_begin), see that somebody is left to set or put
--
-- Who may wake a loop says so with leash_waker_hold().
SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
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
WHERE d.kind = 'outside' AND d.over_ns IS NULL
