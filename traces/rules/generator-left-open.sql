-- class: generator-left-open
-- severity: warning
-- title: a generator was neither exhausted nor closed
-- hint: leash_generator_close() it on every way out of the loop that takes its values
--
-- Facts: LEFT_OPEN 4096, which descriptors, streams, servers and processes have as well.
SELECT 'object' AS subject_kind, o.id AS subject_id, coalesce(o.name, s.expr) AS name, o.site_id AS site_id,
  o.stack_id AS stack_id, o.created_ns AS at_ns, 'neither exhausted nor closed' AS detail, o.code AS code
FROM object o
LEFT JOIN site s ON s.id = o.site_id
WHERE o.facts <> 0 AND o.facts & 4096 AND o.kind = 'generator'
