/* The program's own callbacks. */
#ifndef LEASH_CORE_CALLBACK_H
#define LEASH_CORE_CALLBACK_H

#include "types.h"

/* A cell of its own kind: call_soon and its like; freed when it runs. */
struct leash__call {
    struct leash__cell cell; /* arg: the function's; fut.result: the values that it runs with */
    struct leash__timer timer;
    void (*fn)(void *arg);
};

bool leash__is_done_callback(const struct leash__callback *callback);
/* At the end of a loop: those that never ran. */
void leash__done_callbacks_drop(struct leash__loop *loop);

#endif
