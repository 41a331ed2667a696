-- class: lock-held
-- severity: warning
-- title: a semaphore was short of what it began with when its loop ended
-- hint: release the lock on every way out, also when a wait returns -ECANCELED
--
-- Facts: SHORT 16384.
SELECT 'object' AS subject_kind, o.id AS subject_id, coalesce(o.name, s.expr) AS name, o.site_id AS site_id,
  o.stack_id AS stack_id, o.ended_ns AS at_ns,
  coalesce('began with ' || o.capacity || ' and ended with less', 'ended with less than it began with') AS detail,
  o.code AS code
FROM object o
LEFT JOIN site s ON s.id = o.site_id
WHERE o.facts <> 0 AND o.facts & 16384
