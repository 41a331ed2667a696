-- class: never-joined
-- severity: warning
-- title: a task finished well, and nobody ever asked
-- hint: leash_await() it, or leash_detach() it on purpose
--
-- Facts: DETACHED 32, UNSETTLED 64, LOST_EARLIER 1024.
SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, t.ended_ns AS at_ns,
  CASE WHEN t.facts & 1024 THEN coalesce(printf('lost since +%.3fs, ', t.lost_ns / 1e9), 'lost earlier, ') ELSE '' END
    || printf('finished at +%.3fs', t.ended_ns / 1e9) AS detail,
  t.code AS code
FROM task t
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
WHERE t.facts <> 0 AND t.facts & 64 AND t.state = 'done' AND NOT t.facts & 32
