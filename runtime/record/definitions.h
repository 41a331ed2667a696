/* Definitions: what must stand in the spool before an event may use its number (sites, threads, modules, stacks).
 *
 * Numbers are the process's and are kept for good. A forked child that records begins a new trace, in which nothing is
 * defined yet: whoever keeps a table of what it has defined remembers for which trace that was. */
#ifndef LEASH_RECORD_DEFINITIONS_H
#define LEASH_RECORD_DEFINITIONS_H

#include <event.h>
#include <pthread.h>

/* Held while a table of definitions is looked at and while its entries are written, by all tables. It is taken around
 * fork, so that a child finds the tables whole. The thread that holds it may wait for room in the spool. */
extern pthread_mutex_t leash__definitions_lock;

/* The trace that is being written: 0 before the first one, another number after each fork with a trace of its own. What
 * was defined under another number is not defined in this one. The caller holds leash__definitions_lock. */
unsigned leash__definitions_trace(void);

/* Writes a definition (a kind that carries text). False: it found no room and was dropped; it is to be tried again
 * before the next use of its number, and this use names 0 instead. The caller holds leash__definitions_lock. */
bool leash__define(struct leash__events *events, unsigned kind, uint64_t a, uint64_t b, const void *text,
                   size_t length);

#endif
