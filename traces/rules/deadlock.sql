-- class: deadlock
-- severity: error
-- title: tasks wait for each other, or for what nothing was left to bring about
-- hint: take locks in one order, give a wait a time limit (leash_timeout_begin), see that somebody is left to set or put
--
-- One finding a deadlock, under the name of its first task. What came to an end though nobody was cancelled was none.
SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, d.at_ns AS at_ns,
  CASE WHEN d.kind = 'standstill' THEN 'nothing was left that could wake it: ' ELSE '' END ||
  (SELECT group_concat(wait, '; ') FROM (
    SELECT printf('#%d waited for ', m.task_id) ||
      CASE WHEN a.id IS NULL THEN 'nothing known' WHEN o.id IS NULL THEN printf('%s %d', a.target_kind, a.target_id)
        ELSE printf('%s %d', o.kind, o.id) || coalesce(' "' || o.name || '"', '') END ||
      coalesce(' at ' || w.file || ':' || w.line, '') ||
      CASE WHEN h.id IS NULL THEN '' ELSE printf(', acquired by #%d at %s:%d', n.task_id, h.file, h.line) END AS wait
    FROM deadlock_task m
    LEFT JOIN await a ON a.id = m.await_id
    LEFT JOIN object o ON a.target_kind = 'object' AND o.id = a.target_id
    LEFT JOIN site w ON w.id = a.site_id
    LEFT JOIN deadlock_task n ON n.deadlock_id = m.deadlock_id AND n.position =
      CASE WHEN m.position = (SELECT max(position) FROM deadlock_task WHERE deadlock_id = d.id) THEN 1
        ELSE m.position + 1 END
    LEFT JOIN site h ON h.id = n.hold_site_id
    WHERE m.deadlock_id = d.id AND m.position BETWEEN 1 AND 16 ORDER BY m.position)) AS detail,
  t.code AS code
FROM deadlock d
JOIN deadlock_task r ON r.deadlock_id = d.id AND r.position = 1
JOIN task t ON t.id = r.task_id
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
WHERE d.kind <> 'outside' AND coalesce(d.how, '') <> 'undone'
