-- class: serial-awaits
-- severity: warning
-- title: coroutines were awaited in turn that could have run side by side
-- hint: leash_gather() them, or leash_create_task() each before the first leash_await()
--
-- Facts: TURN_FIRST 131072, TURN 262144, of the fold. The subject is the first of a sequence.
SELECT 'coro' AS subject_kind, q.id AS subject_id, coalesce(f.func, s.expr) AS name, q.site_id AS site_id,
  q.stack_id AS stack_id, q.began_ns AS at_ns,
  printf('%d in turn took %.3fs, %.3fs more than side by side', q.turns, q.took / 1e9, (q.took - q.longest) / 1e9)
    AS detail,
  q.code AS code
FROM (
  SELECT p.*, count(*) OVER same AS turns, sum(p.ended_ns - p.began_ns) OVER same AS took,
    max(p.ended_ns - p.began_ns) OVER same AS longest
  FROM (
    SELECT c.*, sum(c.facts & 131072) OVER (PARTITION BY c.awaiter_task_id, c.parent_coro_id ORDER BY c.began_ns, c.id)
      AS sequence
    FROM coro c
    WHERE c.facts <> 0 AND c.facts & 393216) p
  WINDOW same AS (PARTITION BY p.awaiter_task_id, p.parent_coro_id, p.sequence)) q
LEFT JOIN site s ON s.id = q.site_id
LEFT JOIN frame f ON f.id = q.function_frame_id
WHERE q.facts & 131072
