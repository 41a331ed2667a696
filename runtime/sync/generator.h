/* Generators: a body on a strand of its own, and the value that it hands over. */
#ifndef LEASH_SYNC_GENERATOR_H
#define LEASH_SYNC_GENERATOR_H

#include <leash/generator.h>

#include "coro.h"
#include "strand.h"
#include "waitable.h"

enum leash__generator_state {
    LEASH__GENERATOR_NEW,  /* its body has not begun */
    LEASH__GENERATOR_OPEN, /* it runs or rests */
    LEASH__GENERATOR_OVER  /* it has returned, or never will begin */
};

struct leash__generator {
    struct leash__waitable base;
    struct leash__strand strand; /* valid while it is open */
    struct leash__loop *loop;
    struct leash_site *site;
    enum leash__generator_state state;
    leash_fn_t fn;
    void *arg;
    void (*drop)(void *);        /* of arg, while it is new */
    bool arg_copied;             /* arg goes with the generator */
    struct leash__frame *frame;  /* of its body, while it is open */
    void *value;                 /* the last that was yielded */
    struct leash__ending ending; /* of its body; valid when it is over */
    bool closing;                /* its next yield is its last */
    bool left_open;              /* the end of the run closes it, not the program */
};

#endif
