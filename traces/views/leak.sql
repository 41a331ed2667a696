-- Every leak once, without the victims of other leaks.
SELECT class, severity, also, subject_kind, subject_id, name, file, line, func, expr, site_id, stack_id, at_ns, detail, code
FROM leak_all WHERE victim_of IS NULL
