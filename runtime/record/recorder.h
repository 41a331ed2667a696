/* A thread's part in the trace. */
#ifndef LEASH_RECORD_RECORDER_H
#define LEASH_RECORD_RECORDER_H

struct leash__recorder;

/* In a forked child: switches the events of its loop off, if it is this thread's, and frees it. */
void leash__recorder_forget(struct leash__recorder *recorder);

#endif
