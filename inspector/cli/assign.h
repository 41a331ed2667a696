/* Flags and what they are set to, collected from everywhere before any of it is done: what stands in a higher layer
 * replaces all that a lower one says of the same flag. */
#ifndef LEASH_INSPECTOR_ASSIGN_H
#define LEASH_INSPECTOR_ASSIGN_H

#include "flags.h"

enum layer { LAYER_USER_FILE, LAYER_FOLDER_FILE, LAYER_ENVIRONMENT, LAYER_COMMAND_LINE };

struct assignment {
    const struct flag *flag;
    const char *value; /* NULL: none was given */
    bool off;          /* set by assign(): "no", of a flag that takes no value: as if it had not been given */
    enum layer layer;
    const char *place; /* where it stands, for messages; NULL: on the command line */
};

struct assignments {
    struct assignment *items;
    size_t count, capacity;
};

/* Adds one; its value is as it was written, NULL if none was. 0, or -EINVAL with a message printed: the flag does not
 * take that. */
int assign(struct assignments *assignments, const struct settings *settings, const struct assignment *wanted);
void assignments_append(struct assignments *assignments, const struct assignments *more);
/* Calls the setters of those that count, in order. 0 or -EINVAL. */
int assignments_apply(const struct assignments *assignments, struct settings *settings);
void assignments_free(struct assignments *assignments);

#endif
