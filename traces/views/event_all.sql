-- Everything that happened, unrolled from the tables: a row each, in no order. `part` and `row` tell it apart: which SELECT
-- of these, and the rowid of what that reads. Of one instant the parts come in order of their numbers: creations first, ends
-- last; the order between threads is not known.
SELECT began_ns AS at_ns, 'loop-begin' AS kind, 'loop' AS subject_kind, id AS subject_id, NULL AS by_task,
  site_id AS site_id, printf('thread %d, main is task %d', thread_id, main_task_id) AS what, 0 AS part, id AS row
  FROM loop
UNION ALL SELECT main_ended_ns, 'main-ended', 'loop', id, main_task_id, NULL, printf('code %d', main_code), 80, id
  FROM loop WHERE main_ended_ns IS NOT NULL
UNION ALL SELECT ended_ns, 'loop-end', 'loop', id, NULL, NULL, end_kind, 99, id FROM loop WHERE ended_ns IS NOT NULL
UNION ALL SELECT c.created_ns, 'coro-created', 'coro', c.id, c.creator_task_id, c.site_id, s.expr, 10, c.id FROM coro c
  LEFT JOIN site s ON s.id = c.site_id WHERE c.created_ns IS NOT NULL
UNION ALL SELECT began_ns, 'coro-began', 'coro', id, awaiter_task_id, await_site_id, NULL, 31, id FROM coro
  WHERE began_ns IS NOT NULL
UNION ALL SELECT ended_ns, 'coro-' || state, 'coro', id, awaiter_task_id, NULL, printf('code %d', code), 50, id FROM coro
  WHERE ended_ns IS NOT NULL
UNION ALL SELECT t.created_ns, 'task-created', 'task', t.id, t.creator_task_id, t.site_id, coalesce(t.name, s.expr), 11,
  t.id
  FROM task t LEFT JOIN site s ON s.id = t.coro_site_id WHERE t.created_ns IS NOT NULL
UNION ALL SELECT began_ns, 'task-began', 'task', id, id, NULL, printf('loop %d, thread %d', loop_id, thread_id), 30, id
  FROM task WHERE began_ns IS NOT NULL
UNION ALL SELECT t.ended_ns, 'task-' || t.state, 'task', t.id, t.id, m.site_id,
  coalesce(e.name, printf('code %d', t.code)) || coalesce(': ' || nullif(m.message, ''), ''), 60, t.id
  FROM task t LEFT JOIN failure m ON m.id = t.failure_id LEFT JOIN errno e ON e.code = t.code
  WHERE t.ended_ns IS NOT NULL
UNION ALL SELECT lost_ns, 'task-lost', 'task', id, NULL, NULL, 'a scan found no live reference', 85, id FROM task
  WHERE lost_ns IS NOT NULL
UNION ALL SELECT held_ns, 'task-held', 'task', id, NULL, NULL, 'the last scan that found a live reference', 86, id
  FROM task WHERE held_ns IS NOT NULL
UNION ALL SELECT created_ns, 'future-created', 'future', id, creator_task_id, site_id, name, 12, id FROM future
  WHERE created_ns IS NOT NULL
UNION ALL SELECT u.ended_ns, 'future-' || u.state, 'future', u.id, NULL, m.site_id,
  coalesce(e.name, printf('code %d', u.code)) || coalesce(': ' || nullif(m.message, ''), ''), 61, u.id
  FROM future u LEFT JOIN failure m ON m.id = u.failure_id LEFT JOIN errno e ON e.code = u.code
  WHERE u.ended_ns IS NOT NULL
UNION ALL SELECT created_ns, 'object-created', 'object', id, creator_task_id, site_id, kind, 13, id FROM object
  WHERE created_ns IS NOT NULL
UNION ALL SELECT ended_ns, 'object-ended', 'object', id, NULL, NULL, printf('%s, code %d', kind, code), 62, id
  FROM object WHERE ended_ns IS NOT NULL
UNION ALL SELECT began_ns, 'await', 'task', task_id, task_id, site_id,
  CASE target_kind WHEN 'sleep' THEN printf('sleep %.6fs', sleep_us / 1e6)
  ELSE printf('%s %d', target_kind, target_id) END, 40, id FROM await WHERE began_ns IS NOT NULL
UNION ALL SELECT ended_ns, 'wake', 'task', task_id, task_id, site_id,
  CASE WHEN code IS NULL THEN printf('%s %d is over', target_kind, target_id) ELSE printf('code %d', code) END, 63, id
  FROM await WHERE ended_ns IS NOT NULL
UNION ALL SELECT at_ns, 'cancel', subject_kind, subject_id, by_task_id, site_id,
  origin || coalesce(': ' || nullif(message, ''), ''), 41, id FROM cancel
UNION ALL SELECT delivered_ns, 'cancel-delivered', subject_kind, subject_id, subject_id, NULL, origin, 42, id FROM cancel
  WHERE delivered_ns IS NOT NULL
UNION ALL SELECT uncancelled_ns, 'uncancel', subject_kind, subject_id, subject_id, NULL, origin, 43, id FROM cancel
  WHERE uncancelled_ns IS NOT NULL
UNION ALL SELECT at_ns, 'claim-' || op, subject_kind, subject_id, NULL, site_id, NULL, 20, id FROM claim
UNION ALL SELECT at_ns, 'scan', 'scan', id, NULL, NULL,
  printf('%d candidates, %d lost, %s', candidates, lost, coalesce(reason, 'unfinished')), 84, id FROM scan
UNION ALL SELECT at_ns, 'misuse-' || kind, 'task', task_id, task_id, site_id, message, 44, id FROM misuse
UNION ALL SELECT began_ns, 'acquired', 'object', object_id, task_id, site_id, NULL, 46, id FROM hold WHERE began_ns IS NOT NULL
UNION ALL SELECT h.ended_ns, 'released', 'object', h.object_id, h.task_id, NULL,
  printf('held for %.6fs', (h.ended_ns - h.began_ns) / 1e9), 47, h.id FROM hold h WHERE h.ended_ns IS NOT NULL
UNION ALL SELECT at_ns, op, 'object', object_id, task_id, site_id, NULL, 48, id FROM object_op
UNION ALL SELECT began_ns, 'test-begin', 'test', id, NULL, site_id, name, 5, id FROM test_scope WHERE began_ns IS NOT NULL
UNION ALL SELECT ended_ns, 'test-end', 'test', id, NULL, NULL, printf('%d findings', findings), 98, id FROM test_scope
  WHERE ended_ns IS NOT NULL
UNION ALL SELECT noticed_ns, 'block-noticed', 'task', task_id, task_id, NULL, kind || ', ' || state, 87, id FROM block
  WHERE noticed_ns IS NOT NULL
UNION ALL SELECT ended_ns, 'block-ended', 'task', task_id, task_id, NULL,
  printf('lasted %.6fs, %d late', lasted_us / 1e6, late), 88, id FROM block WHERE ended_ns IS NOT NULL
UNION ALL SELECT d.at_ns, 'deadlock', 'task', m.task_id, m.task_id, m.hold_site_id, d.kind, 49, d.id
  FROM deadlock d JOIN deadlock_task m ON m.deadlock_id = d.id AND m.position = 1 WHERE d.at_ns IS NOT NULL
UNION ALL SELECT d.over_ns, 'deadlock-' || d.how, 'task', m.task_id, m.task_id, NULL, d.kind, 51, d.id
  FROM deadlock d JOIN deadlock_task m ON m.deadlock_id = d.id AND m.position = 1 WHERE d.over_ns IS NOT NULL
UNION ALL SELECT began_ns, 'resume', 'task', task_id, task_id, NULL, NULL, 35, id FROM step
UNION ALL SELECT ended_ns, 'suspend', 'task', task_id, task_id, NULL, NULL, 45, id FROM step WHERE ended_ns IS NOT NULL
