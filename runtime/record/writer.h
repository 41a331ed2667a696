/* The writer thread: opens the trace, folds events into rows, recycles segments, ends the trace. */
#ifndef LEASH_RECORD_WRITER_H
#define LEASH_RECORD_WRITER_H

#include "trace.h"

/* Starts the thread; the process's state is OPENING and moves on when the trace is open or could not be. 0, -errno. */
int leash__writer_start(struct leash__trace *trace);

#endif
