/* $EDITOR at a line of code. */
#ifndef LEASH_INSPECTOR_EDITOR_H
#define LEASH_INSPECTOR_EDITOR_H

#include "app.h"

void editor_open(struct app *app, const struct model_site *site);

#endif
