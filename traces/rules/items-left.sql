-- class: items-left
-- severity: warning
-- title: a queue was left with items that nobody took
-- hint: take what is in it before its loop ends, and leash_queue_task_done() for each item where join is used
--
-- Facts: ITEMS_LEFT 8192.
SELECT 'object' AS subject_kind, o.id AS subject_id, coalesce(o.name, s.expr) AS name, o.site_id AS site_id,
  o.stack_id AS stack_id, o.ended_ns AS at_ns, 'items that nobody took, or a task_done that is owed' AS detail, o.code AS code
FROM object o
LEFT JOIN site s ON s.id = o.site_id
WHERE o.facts <> 0 AND o.facts & 8192
