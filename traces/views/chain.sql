-- From each task that waits to its root cause, a row a link: at `position` (from 1) the waiter waits for the target, at
-- the site. Of several members or holders of an object the first is followed. `cycle`: the target stands above already.
WITH RECURSIVE
  onward AS (
    SELECT kind, id, how, target_kind, target_id, site_id, since_ns, min(place) AS place FROM wait_edge
    GROUP BY kind, id),
  walk(task_id, position, kind, id, how, target_kind, target_id, site_id, since_ns, path, cycle) AS (
    SELECT id, 1, kind, id, how, target_kind, target_id, site_id, since_ns, '/task' || id || '/',
      target_kind = 'task' AND target_id = id
    FROM onward WHERE kind = 'task'
    UNION ALL
    SELECT w.task_id, w.position + 1, n.kind, n.id, n.how, n.target_kind, n.target_id, n.site_id, n.since_ns,
      w.path || n.kind || n.id || '/',
      instr(w.path || n.kind || n.id || '/', '/' || n.target_kind || n.target_id || '/') > 0
    FROM walk w JOIN onward n ON n.kind = w.target_kind AND n.id = w.target_id
    WHERE NOT coalesce(w.cycle, 0) AND w.position < 1000)
SELECT w.task_id AS task_id, w.position AS position, w.kind AS waiter_kind, w.id AS waiter_id,
  CASE w.kind WHEN 'task' THEN coalesce(t.name, f.func, c.expr) ELSE coalesce(o.name, o.kind) END AS waiter,
  w.how AS how, w.target_kind AS target_kind, w.target_id AS target_id,
  s.file AS file, s.line AS line, s.func AS func, w.site_id AS site_id, w.since_ns AS since_ns,
  coalesce(w.cycle, 0) AS cycle
FROM walk w
LEFT JOIN task t ON w.kind = 'task' AND t.id = w.id
LEFT JOIN site c ON c.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
LEFT JOIN object o ON w.kind = 'object' AND o.id = w.id
LEFT JOIN site s ON s.id = w.site_id
