/* The rows of a view, as they are shown, into a file. */
#ifndef LEASH_INSPECTOR_EXPORT_H
#define LEASH_INSPECTOR_EXPORT_H

#include "app.h"

/* The format is told by the name: .csv, .json, .md, else text. Says what was written, or why it could not be. */
void export_view(struct app *app, const char *path);

#endif
