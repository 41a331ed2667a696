-- class: blocked-loop
-- severity: warning
-- title: a step, or many of one iteration, kept the loop from running for too long
-- hint: wait with leash_sleep() and the like, and give calls that block, and long computations, to leash_to_thread()
--
-- The subject is the task that ran then; of a callback it is unknown, and its id the thread's. Told once each: of
-- the longest. The caller is the innermost frame of the file that the outermost one is of.
SELECT CASE WHEN b.task_id IS NULL THEN 'unknown' ELSE 'task' END AS subject_kind,
  coalesce(b.task_id, l.thread_id, 0) AS subject_id, coalesce(t.name, f.func, s.expr) AS name, t.site_id AS site_id,
  t.stack_id AS stack_id, b.noticed_ns AS at_ns,
  CASE WHEN b.times > 1 THEN printf('%d times, the longest: ', b.times) ELSE '' END ||
  CASE WHEN b.kind = 'iteration' THEN 'many steps of one iteration, at last ' ELSE '' END ||
  CASE WHEN b.stack_id IS NULL THEN '' ELSE coalesce((
    SELECT CASE WHEN b.state = 'running' THEN 'computing in ' ELSE 'in ' END ||
      coalesce(i.func, 'a function without a name') ||
      CASE WHEN p.at = 0 THEN coalesce(' at ' || replace(i.file, rtrim(i.file, replace(i.file, '/', '')), '') || ':' || i.line, '') || coalesce(', called by ' || o.func, '')
      ELSE ', called by ' || coalesce(c.func, '?') || coalesce(' at ' || replace(c.file, rtrim(c.file, replace(c.file, '/', '')), '') || ':' || c.line, '') END || ', '
    FROM (
      SELECT min(x.position) AS at FROM stack_frame x JOIN frame y ON y.id = x.frame_id
      WHERE x.stack_id = b.stack_id AND y.module_id = (
        SELECT v.module_id FROM stack_frame u JOIN frame v ON v.id = u.frame_id WHERE u.stack_id = b.stack_id
        ORDER BY u.position DESC LIMIT 1)) p
    LEFT JOIN stack_frame ci ON ci.stack_id = b.stack_id AND ci.position = p.at
    LEFT JOIN frame c ON c.id = ci.frame_id
    LEFT JOIN stack_frame ii ON ii.stack_id = b.stack_id AND ii.position = max(p.at - 1, 0)
    LEFT JOIN frame i ON i.id = ii.frame_id
    LEFT JOIN stack_frame oi ON oi.stack_id = b.stack_id AND oi.position = p.at + 1
    LEFT JOIN frame o ON o.id = oi.frame_id), '') END ||
  printf(CASE WHEN b.ended_ns IS NULL THEN 'for more than %.3fs' ELSE 'for %.3fs' END, b.lasted_us / 1e6) ||
  CASE WHEN b.late = 0 THEN '' ELSE printf('; late: %s%s', (
    SELECT group_concat('#' || e.id || coalesce(' ' || coalesce(e.name, g.func, h.expr), ''), ', ')
    FROM (SELECT task_id FROM late WHERE block_id = b.id ORDER BY task_id LIMIT 3) k
    JOIN task e ON e.id = k.task_id
    LEFT JOIN site h ON h.id = e.coro_site_id
    LEFT JOIN frame g ON g.id = e.function_frame_id),
    CASE WHEN b.late > 3 THEN printf(' and %d more', b.late - 3) ELSE '' END) END AS detail,
  NULL AS code
FROM (
  SELECT id, task_id, loop_id, kind, state, stack_id, noticed_ns, ended_ns, max(lasted_us) AS lasted_us, late,
    count(*) AS times
  FROM block GROUP BY task_id, CASE WHEN task_id IS NULL THEN loop_id END) b
LEFT JOIN loop l ON l.id = b.loop_id
LEFT JOIN task t ON t.id = b.task_id
LEFT JOIN site s ON s.id = t.coro_site_id
LEFT JOIN frame f ON f.id = t.function_frame_id
