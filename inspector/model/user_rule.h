/* Rules that a user adds: a file as those in traces/rules/, a comment header and one SELECT.
 *
 *   -- class: slow-start
 *   -- severity: warning
 *   -- title: a task waited long for its first step
 *   -- hint: what to do about it
 *   SELECT 'task' AS subject_kind, id AS subject_id, name, site_id, stack_id, created_ns AS at_ns, 'late' AS detail,
 * code FROM task WHERE began_ns - created_ns > 100000000
 *
 * Its class is one more word for --fail-on, suppressions and baselines. An object that another rule finds, too, stays
 * under that one's class, with this one under "also". */
#ifndef LEASH_INSPECTOR_USER_RULE_H
#define LEASH_INSPECTOR_USER_RULE_H

#include "accept/fault.h"
#include "loader.h"

struct user_rules;

struct user_rules *user_rules_new(void);
void user_rules_free(struct user_rules *rules);
/* Reads a rule's header and adds its class. 0, or negative errno with the reason in `fault`. */
int user_rules_read(struct user_rules *rules, const char *path, struct accept_fault *fault);
/* Adds what they find in a trace; it is only read. 0, or -EINVAL with file, line and reason in `why`. */
int user_rules_run(const struct user_rules *rules, struct loader *loader, struct findings *findings, char *why,
                   size_t room);

#endif
