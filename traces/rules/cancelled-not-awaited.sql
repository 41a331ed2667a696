-- class: cancelled-not-awaited
-- severity: warning
-- title: a task was cancelled, and still unfinished when the loop stopped
-- hint: leash_await() it after leash_cancel(): only then has it ended
--
-- Facts: PENDING 1, CANCELLED 2, DAEMON 16.
SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
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
WHERE t.facts <> 0 AND t.facts & 1 AND t.facts & 2 AND NOT t.facts & 16
