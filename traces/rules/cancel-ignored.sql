-- class: cancel-ignored
-- severity: warning
-- title: a task got its cancellation, waited for something else, and did not end cancelled
-- hint: return -ECANCELED, and clean up in leash_defer(); leash_uncancel() says that it goes on on purpose
--
-- Facts: IGNORES 524288. Of several cancellations the first that was delivered is told, and who passed it on.
SELECT 'task' AS subject_kind, t.id AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, t.created_ns AS at_ns,
  'cancelled' || coalesce(
    CASE
      WHEN c.origin = 'awaiter' AND c.by_task_id IS NULL THEN ' with a gather'
      WHEN c.origin = 'awaiter' THEN printf(' with #%d, which waited for it', c.by_task_id) ||
        coalesce((SELECT ' and was cancelled' || coalesce(printf(' by #%d', u.by_task_id), '') ||
            coalesce(' at ' || x.file || ':' || x.line, '')
          FROM cancel u LEFT JOIN site x ON x.id = u.site_id
          WHERE u.subject_kind = 'task' AND u.subject_id = c.by_task_id AND u.id < c.id AND u.origin = 'program'
          ORDER BY u.id DESC LIMIT 1), '')
      ELSE coalesce(printf(' by #%d', c.by_task_id), '') || coalesce(' at ' || k.file || ':' || k.line, '') END, '') ||
  coalesce((SELECT ', then waited for ' ||
      CASE a.target_kind WHEN 'sleep' THEN printf('%.3fs', a.sleep_us / 1e6)
        ELSE printf('%s %d', a.target_kind, a.target_id) END || coalesce(' at ' || w.file || ':' || w.line, '')
    FROM await a LEFT JOIN site w ON w.id = a.site_id
    WHERE a.task_id = t.id AND a.id > coalesce((SELECT max(b.id) FROM await b
      WHERE b.task_id = t.id AND b.ended_ns <= c.delivered_ns AND b.began_ns <= c.at_ns), 0)
    ORDER BY a.id LIMIT 1), '') ||
  CASE t.state WHEN 'pending' THEN ' and never ended' WHEN 'done' THEN ' and ended well'
    ELSE ' and ' || t.state END AS detail,
  t.code AS code
FROM task t
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
LEFT JOIN cancel c ON c.id = (SELECT min(id) FROM cancel WHERE subject_kind = 'task' AND subject_id = t.id
  AND origin IN ('program', 'awaiter') AND delivered_ns IS NOT NULL)
LEFT JOIN site k ON k.id = c.site_id
WHERE t.facts <> 0 AND t.facts & 524288
