/* Job bodies: functions that run as a coroutine's body does, but on a thread without a loop. leash_return and
 * leash_fail work in them, and they see the values (leash_local_get) of whoever gave the job away. */
#ifndef LEASH_CORE_JOB_BODY_H
#define LEASH_CORE_JOB_BODY_H

#include "local.h"
#include "types.h"

struct leash__job_body {
    struct leash__frame frame;    /* result and failure; it has neither cell nor task */
    struct leash__locals *locals; /* its own; NULL: none */
};

/* The job that this thread does; NULL: none. */
extern __thread struct leash__job_body *leash__job_running __attribute__((tls_model("initial-exec")));

/* Calls fn(arg) as the body. Returns its code; leaves in the frame the result of a success, or the failure. */
int leash__job_body_run(struct leash__job_body *body, leash_fn_t fn, void *arg);
/* The function will not return: it ended its thread. The same for the code that this counts as. */
void leash__job_body_end(struct leash__job_body *body, int code);
/* Drops what is still in the frame. */
void leash__job_body_drop(struct leash__job_body *body);

#endif
