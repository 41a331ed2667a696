/* Scopes: what a body opens, and what is closed with it at the latest: timeouts, groups, deferred functions.
 *
 *        frame -- scopes --> scope -- outer --> scope ...      innermost first: they are closed in that order */
#ifndef LEASH_CORE_SCOPE_H
#define LEASH_CORE_SCOPE_H

#include "needs.h"
#include "types.h"

struct leash__scope_type {
    /* The body returns `code` and has left it open; it is the innermost. Closes it, and says what the code is now. May
     * suspend. `task` is the one that runs the body. */
    int (*close)(struct leash__scope *scope, struct leash__task *task, int code);
    /* The body will never run on: gives back what the scope has. Its loop is over. How many functions of the program
     * will not run because of that. */
    unsigned (*drop)(struct leash__scope *scope);
    /* Whether it will cancel its task when a time has come; NULL: it does not. */
    bool (*limits)(const struct leash__scope *scope);
    /* Names the tasks that are cancelled with the one that opened it; NULL: none are. */
    enum leash__need (*cancels)(const struct leash__scope *scope, struct leash__needs *needs);
};

/* Part of a struct of its type. */
struct leash__scope {
    const struct leash__scope_type *type;
    struct leash__scope *outer; /* opened before it by the same body, and still open */
    struct leash__frame *frame; /* the body; NULL: it is closed */
    struct leash__task *task;   /* that ran the body when it was opened; its cell is held */
};

/* Opens one in the running body of the running task. */
void leash__scope_open(struct leash__scope *scope, const struct leash__scope_type *type, struct leash__task *task);
/* Takes it out of its body's list: it is closed. */
void leash__scope_remove(struct leash__scope *scope);
/* Whether the task may close it: it opened it, or it runs the body that did (a generator's, which may go from task to
 * task). */
bool leash__scope_is_of(const struct leash__scope *scope, const struct leash__task *task);

/* Closes what a body left open that returned `code`; says what the code is now. */
int leash__scopes_close_slow(struct leash__task *task, struct leash__frame *frame, int code);
static inline int leash__scopes_close(struct leash__task *task, struct leash__frame *frame, int code)
{
    return __builtin_expect(frame->scopes == NULL, 1) ? code : leash__scopes_close_slow(task, frame, code);
}
/* Drops the scopes of a body that will never run on; how many functions of the program will not run. */
unsigned leash__scopes_drop(struct leash__frame *frame);

#endif
