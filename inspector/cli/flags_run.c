#include "flags.h"

static int set_heap(struct settings *settings, const char *value)
{
    (void)value;
    settings->heap = true;
    return 0;
}

const struct flag flags_run[] = {
    {"trace", 'o', TAKES_RUN | FLAG_TYPED, "T.db", flag_set_output,
     "keep the trace here (further processes' in T.db.PID)"},
    {"heap", 0, TAKES_RUN, NULL, set_heap, "a handle in leaked memory holds no task: preload libleash_malloc"},
    {0},
};
