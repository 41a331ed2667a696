/* What a task waits for, in words and as an edge. */
#ifndef LEASH_CORE_WAITS_H
#define LEASH_CORE_WAITS_H

#include "types.h"

/* The unfinished task that this one awaits directly; NULL if it waits for something else. */
struct leash__task *leash__waits_for_task(const struct leash__task *task);
/* "sleep at src/a.c:12 in work", "task #7 \"server\" at ..."; "" while it does not wait. */
void leash__waits_text(const struct leash__task *task, char *text, size_t size);

#endif
