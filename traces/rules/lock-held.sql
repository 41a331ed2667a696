-- class: lock-held
-- severity: error
-- title: a task ended while it held a lock
-- hint: release the lock on every way out, also when a wait returns -ECANCELED
--
-- Facts: HOLDS 2048. Of several locks the first that it took is named. The plus: not in the order of the whole table.
SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, t.ended_ns AS at_ns,
  coalesce('held ' || o.kind || ' ' || o.id || coalesce(' "' || o.name || '"', '') ||
    printf(' since +%.3fs', min(h.began_ns) / 1e9) || coalesce(', acquired at ' || a.file || ':' || a.line, ''),
    'held a lock') AS detail,
  t.code AS code
FROM task t
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
LEFT JOIN hold h ON h.task_id = t.id AND (h.ended_ns IS NULL OR h.ended_ns >= t.ended_ns)
  AND (SELECT kind FROM object WHERE id = h.object_id) IN ('lock', 'condition')
LEFT JOIN object o ON o.id = h.object_id
LEFT JOIN site a ON a.id = h.site_id
WHERE t.facts <> 0 AND t.facts & 2048
GROUP BY +t.id
