-- Every coroutine object: those with a row of their own, and those that a task stands for (state task).
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
WHERE t.coro_id IS NOT NULL
