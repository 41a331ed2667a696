/* Accepting a finding: into a file of suppressions, or into the baseline. The exact line is shown first. */
#ifndef LEASH_INSPECTOR_ACCEPTANCE_H
#define LEASH_INSPECTOR_ACCEPTANCE_H

#include "app.h"

/* Asks where to, why, and whether to. */
void acceptance_ask(struct app *app);
/* The answers: a choice of the menu, then a reason. */
void acceptance_into(struct app *app, int into);
void acceptance_because(struct app *app, const char *reason);

#endif
