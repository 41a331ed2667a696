#include "run.h"
#include "coros.h"
#include "op.h"
#include "verdict.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A thousand Python frames must fit, and nobody pays for what is not touched. */
#define STACK_SIZE  ((size_t)4 << 20)
#define STACK_SPARE ((size_t)256 << 10)

/* exit() would run the runtime's own end while a task runs. */
_Noreturn static void leave(int status, const char *what, const char *format, va_list args)
{
    fflush(stdout);
    fprintf(stderr, "leash-script: %s: ", what);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    _exit(status);
}

void run_broken(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    leave(1, "broken", format, args);
}

void run_left(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    leave(3, "outside the format", format, args);
}

/* ---- the log ---- */

void run_value(struct frame *frame, const char *value)
{
    text_clear(&frame->run->value);
    text_add(&frame->run->value, "=");
    text_add(&frame->run->value, value ? value : "-");
}

void run_log(const struct frame *frame, const struct op *op, const char *outcome)
{
    printf("#%ld %u %s %s\n", frame->coro->task, op->line, op->type->name, outcome);
}

const char *run_failure_name(int rc)
{
    switch (rc) {
    case -ECANCELED:
        return "cancelled";
    case -ETIMEDOUT:
        return "timeout";
    case -EINVAL:
        return "invalid";
    case RUN_GROUP_FAILED:
        return "group";
    default:
        if (!codes_is(rc))
            run_broken("a failure that no script makes: %s (%s)", strerror(-rc), leash_last_error());
        return NULL;
    }
}

static void log_failure(const struct frame *frame, const struct op *op, int rc)
{
    const char *name = run_failure_name(rc);
    printf("#%ld %u %s !%s\n", frame->coro->task, op->line, op->type->name, name ? name : frame->code);
}

/* ---- execution ---- */

static int run_op(struct frame *frame, const struct op *op)
{
    int rc = op_function(op->type->id)(frame, op);
    if (rc < 0)
        log_failure(frame, op, rc);
    else if (rc == RAN_VALUE)
        run_log(frame, op, frame->run->value.bytes);
    return rc < 0 && op->caught ? RAN_SILENT : rc;
}

int run_block(struct frame *frame, const struct block *block)
{
    if (frame->coro->base - (char *)__builtin_frame_address(0) > (ptrdiff_t)(STACK_SIZE - STACK_SPARE))
        run_left("calls and blocks are nested too deeply in body %s", frame->coro->body->name);
    for (const struct op *op = block->first; op; op = op->next) {
        int rc = run_op(frame, op);
        if (rc < 0 || rc == RAN_RETURN)
            return rc;
    }
    return RAN_VALUE;
}

/* The coroutine function of every body. */
int run_body(void *arg)
{
    struct coro *coro = arg;
    struct frame frame = {.run = coro->run, .coro = coro};
    if (coro->own) {
        coro->base = __builtin_frame_address(0);
        coro_met(coro, leash_current_task());
    }
    int rc = run_block(&frame, &coro->body->block);
    return rc < 0 ? rc : leash_return((void *)frame.result);
}

int run_script(struct script *script)
{
    struct run run = {.script = script};
    run.codes.arena = &run.arena;
    verdict_begin(&run);
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 1;
    options.report = 0;
    options.scan = 0;
    options.stack_size = STACK_SIZE;
    struct coro *main_coro = coro_make(&run, script_body(script, "main"));
    coro_to_task(main_coro);
    void *result = NULL;
    int rc = leash_run_with(main_coro->object, &options, &result);
    verdict_print(&run, rc, result);
    facts_free(&run.facts);
    free(run.tasks);
    text_free(&run.value);
    arena_free(&run.arena);
    return 0;
}
