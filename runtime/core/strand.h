/* Strands: stacks beside a task's own that run as part of it: a generator's body. A task enters one, and goes on when
 * that leaves or ends. While it runs, whatever it does its task does: it may wait, be cancelled, enter others.
 *
 *        task -- strand --> the one that runs -- up --> the one that entered it ... NULL: the task's own stack
 *        task -- context: always what runs, or is suspended; what entered it waits in its `outer`
 *        loop -- strands --> all that have a stack */
#ifndef LEASH_CORE_STRAND_H
#define LEASH_CORE_STRAND_H

#include "types.h"

struct leash__strand {
    struct leash__node node; /* in loop->strands while it has a stack */
    struct leash__loop *loop;
    struct leash__context context;       /* while it rests: where it stopped */
    struct leash__context outer;         /* while it runs: where it was entered */
    struct leash__task *task;            /* whose part it runs as; NULL: it rests */
    struct leash__strand *up;            /* while it runs: what entered it */
    struct leash__frame *frame;          /* while it rests: its body; NULL before it has begun, and at its end */
    struct leash__failure *last_failure; /* while it rests: its body's; while it runs: of what entered it */
    void (*run)(struct leash__strand *strand);
    leash_fn_t close; /* a coroutine function that ends it; and the argument */
    void *close_arg;
    struct leash_site *site; /* for that coroutine */
    bool ended;
};

/* Gives it a stack, on which `run` will be called. run, close, close_arg and site are set, all else is zero. 0,
 * -ENOMEM.
 */
int leash__strand_begin(struct leash__strand *strand, struct leash__loop *loop);
/* The running task enters a strand that rests. Returns when it rests again, or has ended: then its stack is gone. */
void leash__strand_enter(struct leash__strand *strand, struct leash__task *task);
/* The running strand goes back to what entered it; returns when it is entered again. Its innermost body is its own. */
void leash__strand_leave(struct leash__strand *strand);
/* Gives back the stack of one that rests, unrun. Harmless for one without. */
void leash__strand_free(struct leash__strand *strand);
/* The task will not run on: what it runs rests, its bodies are gone. */
void leash__strands_leave_task(struct leash__task *task);

/* Makes a task for each that rests, to close it: these belong to the clean-up (cleaned_up). False: there is none. */
bool leash__strands_close(struct leash__loop *loop);

#endif
