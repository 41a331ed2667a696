#include "flags.h"

const struct flag flags_run[] = {
    {"trace", 'o', TAKES_RUN | FLAG_TYPED, "T.db", flag_set_output,
     "keep the trace here (further processes' in T.db.PID)"},
    {0},
};
