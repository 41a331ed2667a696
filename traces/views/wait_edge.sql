-- Who waits for whom when the loops stopped, or at the end of a trace without one: tasks for what they await, objects
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
WHERE h.ended_ns IS NULL OR h.ended_ns >= coalesce(l.main_ended_ns, l.ended_ns)
