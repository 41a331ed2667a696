-- The log: what happened, in order of time.
SELECT at_ns, kind, subject_kind, subject_id, by_task, site_id, what FROM event_all ORDER BY at_ns, part, subject_id
