/* Names of frames, for a trace that its own process ends. */
#ifndef LEASH_RECORD_SYMBOLS_H
#define LEASH_RECORD_SYMBOLS_H

#include <fold.h>

/* Names the frames that the trace has without a name, from the files of this machine. What is not found stays without:
 * names are a help, and a trace is whole without them. On the writer thread: libdw needs a stack of ordinary size. */
void leash__symbols_name(struct leash_fold *fold);

#endif
