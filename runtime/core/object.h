/* Objects: what can be waited for beside tasks and futures, as the trace tells of it. */
#ifndef LEASH_CORE_OBJECT_H
#define LEASH_CORE_OBJECT_H

#include "types.h"

/* A new one of the running task, if any; returns its id. */
uint64_t leash__object_new(struct leash__loop *loop, enum leash_object_kind kind, struct leash_site *site);
/* The same, and the task begins to wait for it. */
uint64_t leash__object_event(struct leash__task *task, enum leash_object_kind kind, struct leash_site *site);
/* Its name. */
void leash__object_named(struct leash__loop *loop, uint64_t object, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Whose ends it depends on: of a job's future it is the job's. */
void leash__child_event(struct leash__loop *loop, uint64_t object, const struct leash__cell *cell);
/* It is over, with a code. */
void leash__object_done(struct leash__loop *loop, uint64_t object, int code);

#endif
