#include "job_body.h"

#include <own_frame.h>

#include "cell.h"
#include "failure.h"
#include "leak_scope.h"

__thread struct leash__job_body *leash__job_running;

static void drop_result(struct leash__frame *frame)
{
    leash__drop(frame->drop, frame->result);
    frame->result = NULL;
    frame->drop = NULL;
}

void leash__job_body_end(struct leash__job_body *body, int code)
{
    struct leash__frame *frame = &body->frame;
    leash__job_running = NULL;
    leash__leak_scopes_left(0, body);
    if (code < 0)
        drop_result(frame);
    if (frame->failure && frame->failure->code != code)
        leash__failure_set(&frame->failure, NULL);
    leash__locals_unref(body->locals);
    body->locals = NULL;
}

LEASH__OWN_FRAME int leash__job_body_run(struct leash__job_body *body, leash_fn_t fn, void *arg)
{
    leash__job_running = body;
    int code = fn(arg);
    leash__job_body_end(body, code);
    return code;
}

void leash__job_body_drop(struct leash__job_body *body)
{
    drop_result(&body->frame);
    leash__failure_set(&body->frame.failure, NULL);
    leash__locals_unref(body->locals);
    body->locals = NULL;
}
