/* The terminal interface without a terminal: opens a trace made of SQL, presses keys, compares the picture.
 *
 *   driver_open(&driver, *state, sql, &(struct driver_options){.rows = 30, .cols = 100});
 *   driver_type(&driver, "j j Enter");
 *   driver_golden(&driver, "leaks_detail_100x30");
 *   driver_close(&driver);
 *
 * Time zone, locale and the trace's name are always the same. */
#ifndef LEASH_TUI_DRIVER_H
#define LEASH_TUI_DRIVER_H

#include "app.h"
#include "fixture.h"

struct driver_options {
    int rows, cols; /* 0: 30 and 100 */
    bool ascii, mono;
    const char *view, *where, *sort; /* NULL: the program's own */
    bool source;                     /* the code of shop.sql is found */
};

struct driver {
    struct app *app;
    struct model_snapshot snapshot;
    struct model_policy policy;
    struct source_options source;
    char *roots[1];
};

/* `sql`: the rows of the trace, beside its schema. */
void driver_open(struct driver *driver, struct fixture *fixture, const char *sql, const struct driver_options *options);
/* The trace of the examples in the manual: shop.sql of the inspector's tests and some more. To be freed. */
char *driver_shop(void);
/* Lines of a script, see script.h. */
void driver_type(struct driver *driver, const char *lines);
void driver_press(struct driver *driver, int key);
void driver_mouse(struct driver *driver, int key, int row, int col);
void driver_resize(struct driver *driver, int rows, int cols);
/* A row of the picture, without trailing blanks; valid until the next call. */
const char *driver_row(struct driver *driver, int row);
/* Does the text stand somewhere in the picture? */
bool driver_shows(struct driver *driver, const char *text);
/* The picture, without its tabs, and what it looks like must be what golden/`name`.txt holds; UPDATE_GOLDEN=1 writes it
 * there. */
void driver_golden(struct driver *driver, const char *name);
void driver_close(struct driver *driver);

#endif
