/* The pool: threads of the process that do items, for all loops. A thread is made when an item comes and none is free,
 * up to a bound; it stays until exit(). They block every signal but those that their own instructions raise.
 * Model: CPython 3.11's ThreadPoolExecutor (Lib/concurrent/futures/thread.py). */
#ifndef LEASH_IO_POOL_H
#define LEASH_IO_POOL_H

#include <list.h>

/* work, then tell: both on a thread of the pool. While work() runs the thread counts as the program's, as it may hold
 * anything; from tell() on as the runtime's own (base/own_threads.h). */
struct leash__pool_item {
    struct leash__node node; /* while no thread has taken it; else its own neighbour */
    void (*work)(struct leash__pool_item *item);
    void (*cut)(struct leash__pool_item *item); /* before tell(), where work() ended its thread instead of returning */
    void (*tell)(struct leash__pool_item *item);
};

/* From now on there is a thread, so that what is put will be done. `most`: how many may do items at a time, 0: as many
 * as CPython has; `patience`: seconds that exit() waits for what is being done. 0; -EAGAIN, -ENOMEM: no thread can be
 * made; -ESHUTDOWN: the process exits. */
int leash__pool_ready(unsigned most, double patience);
void leash__pool_put(struct leash__pool_item *item);
/* True: no thread had taken it, and none will. */
bool leash__pool_take_back(struct leash__pool_item *item);
/* exit() need not wait for it. */
void leash__pool_let_go(struct leash__pool_item *item);

#endif
