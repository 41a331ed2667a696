/* What is told at the end of a scope of leaks, as leash_leaks_end describes it. */
#ifndef LEASH_CORE_LEAK_SCOPE_REPORT_H
#define LEASH_CORE_LEAK_SCOPE_REPORT_H

#include <leash/leaks.h>

#include "leak_scope.h"

/* Leaves in the scope's list those that count, and gives away the rest. */
void leash__leak_scope_sort_out(struct leash__leak_scope *scope, const struct leash_leaks_options *options);
/* Tells of those in it. */
void leash__leak_scope_report(const struct leash__leak_scope *scope, const struct leash_leaks_options *options);

#endif
