-- class: unreferenced
-- severity: error
-- title: a task is pending, or was when the loop stopped, and nothing in the program refers to it any more
-- hint: keep the handle and leash_await() it, or leash_detach() it on purpose
--
-- Facts: PENDING 1, WAITED 4, CALLBACK 8, DAEMON 16, UNSETTLED 64, LOST 256. While the program runs, or if it crashed,
-- nothing was judged: then it is what the scans said last.
SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
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
  ELSE t.state = 'pending' AND t.lost_ns > coalesce(t.held_ns, -1) AND NOT t.daemon AND NOT t.detached END
