/* What actions do in every view, by topic: each file answers for its own. */
#ifndef LEASH_INSPECTOR_ACT_H
#define LEASH_INSPECTOR_ACT_H

#include "app.h"

/* `argument`: of a command, else NULL. */
typedef void act_handler(struct app *app, const char *argument);

/* NULL: not of this topic. */
act_handler *act_move(enum action action);     /* act_move.c: the cursor, views, panes */
act_handler *act_relation(enum action action); /* act_relation.c: from a row to what it has to do with */
act_handler *act_find(enum action action);     /* act_find.c: search, filter, sort */
act_handler *act_row(enum action action);      /* act_row.c: copy, edit, tag, accept */
act_handler *act_pick(enum action action);     /* pick.c: what opens a menu */

#endif
