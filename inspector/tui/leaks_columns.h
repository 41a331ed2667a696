/* The columns of the Leaks view: what stands in them, and how they are sorted. */
#ifndef LEASH_INSPECTOR_LEAKS_COLUMNS_H
#define LEASH_INSPECTOR_LEAKS_COLUMNS_H

#include "table.h"
#include "tui.h"

#define LEAKS_COLUMNS 7
enum { LEAKS_FIRST = 4 }; /* the column that shows an instant */
extern const struct table_column leaks_columns[LEAKS_COLUMNS];

/* How a group counts: E(rror), w(arning), k(nown to the baseline), s(uppressed). */
enum role leaks_role(const struct model_group *group);
char leaks_mark(const struct model_group *group);
/* `above`: the group of the row above; NULL: there is none. */
void leaks_cell(const struct tui *tui, const struct model_group *group, const struct model_group *above, int column,
                struct styled *out);
/* Negative, 0, positive. */
int leaks_compare(const struct model_group *a, const struct model_group *b, int column);

#endif
