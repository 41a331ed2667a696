/* Opening a trace: which file, the spool, the database. On the writer thread. */
#ifndef LEASH_RECORD_OPEN_H
#define LEASH_RECORD_OPEN_H

#include "trace.h"

/* Fills in all that the writer needs. 0; or -errno, a message was printed, and nothing of the trace is left but its
 * pattern. */
int leash__trace_make(struct leash__trace *trace);

#endif
