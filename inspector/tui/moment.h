/* What one task did at an instant, read by the worker. */
#ifndef LEASH_INSPECTOR_TUI_MOMENT_H
#define LEASH_INSPECTOR_TUI_MOMENT_H

#include "timeline/timeline.h"
#include "tui.h"

struct moment_asking;

/* The one that was asked for last. Zeroed: none. */
struct moment {
    struct tui *tui;
    int64_t task, at_ns;
    bool there; /* `told` is valid */
    struct model_moment told;
    struct moment_asking *asking; /* NULL: it is not being read */
    char why[512];                /* empty: it is there, or being read */
};

/* NULL: it is being read, or cannot be: then moment->why tells. Valid until the next call. */
const struct model_moment *moment_get(struct moment *moment, struct tui *tui, int64_t task, int64_t at_ns);
void moment_forget(struct moment *moment);

#endif
