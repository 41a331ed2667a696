/* Why a scan could not be made, in words. */
#ifndef LEASH_WATCH_REFUSED_H
#define LEASH_WATCH_REFUSED_H

#include <sys/types.h>

/* `error`: of leash__threads_stop and what reads memory; `late`: the thread that could not be stopped, 0 if it was not
 * one. Valid until this thread's next call. */
const char *leash__scan_refused(int error, int stop_signal, pid_t late);

#endif
