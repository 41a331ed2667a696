-- class: failure-hidden
-- severity: warning
-- title: a task or future failed, and no code received the failure
-- hint: gather with LEASH_RETURN_FAILURES, or leash_await() each; look at what failed before it is cancelled
--
-- Facts: HIDDEN 32768.
SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
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
WHERE u.facts <> 0 AND u.facts & 32768
