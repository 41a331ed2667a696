-- class: never-awaited
-- severity: error
-- title: a coroutine was created and never started
-- hint: leash_await() it, or leash_create_task() it and keep the handle
--
-- Facts: NEVER_AWAITED 512.
SELECT 'coro' AS subject_kind, c.id AS subject_id, coalesce(f.func, s.expr) AS name, c.site_id AS site_id,
  c.stack_id AS stack_id, c.created_ns AS at_ns, 'never started' AS detail, c.code AS code
FROM coro c
LEFT JOIN site s ON s.id = c.site_id
LEFT JOIN frame f ON f.id = c.function_frame_id
WHERE c.facts <> 0 AND c.facts & 512
