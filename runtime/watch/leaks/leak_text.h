/* The text of a report of leaks: at the exit of the process, or of a test. */
#ifndef LEASH_WATCH_LEAK_TEXT_H
#define LEASH_WATCH_LEAK_TEXT_H

#include "leak_table.h"
#include "text.h"

/* Puts a paragraph for each group and the totals, which name the test (NULL: it is none). Marks the groups. */
void leash__leak_text(struct leash__text *text, struct leash__leak_table *table, const char *test);

#endif
