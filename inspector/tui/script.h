/* Keys from a file, instead of a keyboard: for documents, bug reports and tests. One thing a line:
 *
 *   # a comment: '#' and a blank begin it
 *   j j Enter          keys by their names, with a blank between: Up, PgDn, Ctrl-D, Esc, Space, ...
 *   \ "state:pending" Enter    what stands in quotes is typed letter by letter
 *   :sort -age         a command, as it is typed after ':'
 *   :save-screen FILE     the screen as text
 *   :save-screen -a FILE  ... and what it looks like, a letter a cell
 *
 * After each key what it asked of the worker is waited for: nothing depends on the time that things take. */
#ifndef LEASH_INSPECTOR_SCRIPT_H
#define LEASH_INSPECTOR_SCRIPT_H

#include "app.h"

/* 0, or negative errno with the reason in `why`: it could not be read, or a line of it means nothing. */
int script_run(struct app *app, const char *path, char *why, size_t room);
/* One line of it. */
int script_line(struct app *app, const char *line, char *why, size_t room);

#endif
