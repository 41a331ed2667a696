/* Which key asks for what: one table, from which dispatch, hint row, help and manual come. */
#ifndef LEASH_INSPECTOR_KEYMAP_H
#define LEASH_INSPECTOR_KEYMAP_H

#include "action.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct binding {
    const char *view; /* its name; NULL: in every view that has not bound these keys otherwise */
    const char *keys; /* as key_parse() reads them; two of them: one after the other */
    enum action action;
};
/* NULL after the last. */
const struct binding *keymap_at(size_t index);

/* What `first`, and then `second` unless it is K_NONE, ask for. ACTION_NONE: nothing. */
enum action keymap_find(const char *view, int first, int second);
/* Does `first` begin the keys of a binding that has two? */
bool keymap_is_prefix(const char *view, int first);
/* The first keys of `action` in `view`: "Ctrl-D", "zo"; NULL: there are none. */
const char *keymap_keys(const char *view, enum action action);

/* The whole table, for `leash tui --keys`: a line each: view or "all", group, keys, name, help, with a
 * tab between. */
void keymap_print(FILE *out);

#endif
