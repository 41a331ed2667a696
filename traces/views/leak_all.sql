-- Every leaked object once, under the first class that found it. A task that is pending only because it waits for a
-- leaked one, directly or through others and what they gather, is a victim: victim_of is the task at the root. What has no
-- site, as some calls, is placed by its stack.
WITH RECURSIVE
  ranked AS (
    SELECT h.*, row_number() OVER (PARTITION BY subject_kind, subject_id ORDER BY precedence) AS place,
      group_concat(class, ',') OVER (PARTITION BY subject_kind, subject_id ORDER BY precedence
        ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS also
    FROM rule_hit h),
  leaked AS (SELECT * FROM ranked WHERE place = 1),
  -- Of their rules alone: this part stands in each of those below, and SQLite prepares it anew for each.
  stuck AS (
    SELECT id, class FROM (
      SELECT subject_id AS id, class, row_number() OVER (PARTITION BY subject_id ORDER BY precedence) AS place
      FROM rule_stuck WHERE subject_kind = 'task')
    WHERE place = 1),
  -- What a pending task waits for, through objects and tasks that are no leaks, up to the next leaked task.
  reach(waiter, kind, id) AS (
    SELECT s.id, a.target_kind, a.target_id
    FROM stuck s JOIN task t ON t.id = s.id JOIN await a ON a.id = t.exit_await_id
    WHERE s.class = 'pending-at-exit' AND a.target_id IS NOT NULL
    UNION
    SELECT r.waiter, coalesce(a.target_kind, c.member_kind), coalesce(a.target_id, c.member_id)
    FROM reach r
    LEFT JOIN task t ON r.kind = 'task' AND t.id = r.id AND t.id NOT IN (SELECT id FROM stuck)
    LEFT JOIN await a ON a.id = t.exit_await_id
    LEFT JOIN child c ON r.kind = 'object' AND c.object_id = r.id
    WHERE coalesce(a.target_id, c.member_id) IS NOT NULL),
  -- Whoever is in a deadlock or waits behind one, and its first task.
  locked(id, root) AS (
    SELECT m.task_id, min(r.task_id)
    FROM deadlock d JOIN deadlock_task m ON m.deadlock_id = d.id
    JOIN deadlock_task r ON r.deadlock_id = d.id AND r.position = 1
    JOIN stuck s ON s.id = m.task_id AND s.class <> 'deadlock' JOIN stuck f ON f.id = r.task_id AND f.class = 'deadlock'
    WHERE d.kind = 'cycle' AND d.over_ns IS NULL GROUP BY m.task_id),
  waits(waiter, target) AS (
    SELECT DISTINCT waiter, id FROM reach WHERE kind = 'task' AND id <> waiter AND id IN (SELECT id FROM stuck)
      AND waiter NOT IN (SELECT id FROM locked)
    UNION
    SELECT id, root FROM locked),
  -- From the tasks that wait for no other leaked one, back to all that wait for them.
  behind(id, root) AS (
    SELECT id, id FROM stuck WHERE id NOT IN (SELECT waiter FROM waits)
    UNION
    SELECT w.waiter, b.root FROM behind b JOIN waits w ON w.target = b.id),
  -- What is left waits in a circle or for one: its smallest id is the root.
  circle(waiter, id) AS (
    SELECT waiter, target FROM waits WHERE waiter NOT IN (SELECT id FROM behind)
    UNION
    SELECT c.waiter, w.target FROM circle c JOIN waits w ON w.waiter = c.id),
  victim(id, root) AS (
    SELECT id, min(root) FROM behind GROUP BY id
    UNION ALL
    SELECT waiter, min(id) FROM circle WHERE id IN (SELECT id FROM circle WHERE waiter = id) GROUP BY waiter)
SELECT l.class AS class, l.severity AS severity, l.also AS also, l.subject_kind AS subject_kind,
  l.subject_id AS subject_id, l.name AS name, coalesce(s.file, p.file) AS file, coalesce(s.line, p.line) AS line,
  coalesce(s.func, p.func) AS func, s.expr AS expr,
  l.site_id AS site_id, l.stack_id AS stack_id, l.at_ns AS at_ns, l.detail AS detail, l.code AS code,
  v.root AS victim_of
FROM leaked l
LEFT JOIN site s ON s.id = l.site_id
LEFT JOIN stack_frame i ON l.site_id IS NULL AND i.stack_id = l.stack_id AND i.position = 0
LEFT JOIN frame p ON p.id = i.frame_id
LEFT JOIN victim v ON l.subject_kind = 'task' AND v.id = l.subject_id AND v.root <> v.id
