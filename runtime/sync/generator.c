/* Algorithm: CPython 3.11's async generators (Objects/genobject.c: async_gen_asend_send, async_gen_athrow_send),
 * without asend() and athrow(): a body gets nothing from who takes its values but the word that it is being closed. */
#include "generator.h"

#include <errno.h>
#include <own_frame.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "failure.h"
#include "future.h"
#include "loop.h"
#include "misuse.h"
#include "task.h"

/* ---- the body ---- */

LEASH__OWN_FRAME static void run(struct leash__strand *strand)
{
    struct leash__generator *generator = LEASH__CONTAINER(strand, struct leash__generator, strand);
    struct leash__frame frame;
    leash__body_begin(strand->task, NULL, &frame);
    generator->frame = &frame;
    int code = generator->fn(generator->arg);
    struct leash__task *task = strand->task; /* it may be another by now; what is deferred cannot yield */
    code = leash__body_end(task, &frame, code);
    generator->ending = leash__body_ending(task, &frame, code);
    leash__drop(frame.drop, frame.result);
}

int leash_yield(void *value)
{
    struct leash__task *task = leash__task_needed("leash_yield", NULL);
    if (!task)
        return -EPERM;
    struct leash__strand *strand = task->strand;
    if (!strand)
        return leash__misuse(LEASH_MISUSE_NOT_IN_TASK, NULL, -EPERM, "leash_yield: not inside a generator");
    struct leash__generator *generator = LEASH__CONTAINER(strand, struct leash__generator, strand);
    if (task->frame != generator->frame)
        return leash__misuse(
            LEASH_MISUSE_INVALID, generator->site, -EINVAL,
            "leash_yield: only the generator's own body can yield, not a coroutine that it awaits, nor "
            "a deferred function");
    generator->value = value;
    leash__strand_leave(strand);
    return generator->closing ? -ESHUTDOWN : 0;
}

/* ---- making one ---- */

static unsigned facts(const struct leash__waitable *waitable)
{
    const struct leash__generator *generator = (const struct leash__generator *)waitable;
    return generator->state != LEASH__GENERATOR_OVER || generator->left_open ? LEASH_FACT_LEFT_OPEN : 0;
}

static void waitable_end(struct leash__waitable *waitable)
{
    struct leash__generator *generator = (struct leash__generator *)waitable;
    leash__strand_free(&generator->strand);
    leash__failure_unref(generator->ending.failure);
    leash__drop(generator->drop, generator->arg);
    if (generator->arg_copied)
        free(generator->arg);
}

static const struct leash__waitable_type type = {.kind = LEASH_OBJECT_GENERATOR,
                                                 .name = "generator",
                                                 .size = sizeof(struct leash__generator),
                                                 .end = waitable_end,
                                                 .facts = facts};

static int close_at_end(void *handle);

static leash_generator_t make(leash_fn_t fn, void *arg, struct leash_site *site, struct leash__generator **out)
{
    struct leash__loop *loop = leash__loop_needed("leash_generator", site);
    if (!loop)
        return NULL;
    if (!fn) {
        leash__misuse(LEASH_MISUSE_NULL_FUNCTION, site, -EINVAL, "leash_generator: the function is NULL");
        return NULL;
    }
    struct leash__generator *generator = (struct leash__generator *)leash__waitable_new(loop, &type, NULL, site);
    if (!generator) {
        leash__refused(-ENOMEM, "leash_generator: no memory");
        return NULL;
    }
    leash_generator_t handle = leash__cell_handle(generator->base.cell, LEASH__HANDLE_OBJECT);
    generator->loop = loop;
    generator->site = site;
    generator->fn = fn;
    generator->arg = arg;
    generator->strand.run = run;
    generator->strand.close = close_at_end;
    generator->strand.close_arg = handle;
    generator->strand.site = site;
    *out = generator;
    return handle;
}

leash_generator_t leash__generator(leash_fn_t fn, void *arg, struct leash_site *site)
{
    struct leash__generator *generator;
    return make(fn, arg, site, &generator);
}

leash_generator_t leash__generator_copy(leash_fn_t fn, const void *ptr, size_t size, struct leash_site *site)
{
    struct leash__generator *generator;
    if (size && !ptr) {
        leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "leash_generator_copy: %zu bytes at NULL", size);
        return NULL;
    }
    void *copy = malloc(size ? size : 1);
    if (!copy) {
        leash__refused(-ENOMEM, "leash_generator_copy: no memory for %zu bytes", size);
        return NULL;
    }
    if (size)
        memcpy(copy, ptr, size);
    leash_generator_t handle = make(fn, copy, site, &generator);
    if (handle)
        generator->arg_copied = true;
    else
        free(copy);
    return handle;
}

leash_generator_t leash__generator_own(leash_fn_t fn, void *arg, void (*drop)(void *), struct leash_site *site)
{
    struct leash__generator *generator;
    leash_generator_t handle = make(fn, arg, site, &generator);
    if (handle)
        generator->drop = drop;
    else
        leash__drop(drop, arg);
    return handle;
}

/* ---- taking values ---- */

static int busy(const struct leash__generator *generator, const char *call)
{
    return leash__misuse(LEASH_MISUSE_INVALID, generator->site, -EBUSY,
                         "%s: the generator runs already, for task \"%s\"", call,
                         leash__task_name(generator->strand.task));
}

static int begin(struct leash__generator *generator)
{
    if (leash__strand_begin(&generator->strand, generator->loop) < 0)
        return leash__refused(-ENOMEM, "leash_next: no memory for a generator's stack");
    generator->state = LEASH__GENERATOR_OPEN;
    generator->drop = NULL; /* the body runs: what the argument owns is its business now */
    return 0;
}

/* The body has returned. Its failure, if any, is handed to the task, and kept until the program closes it: after a
 * leash_for_each nobody has seen it yet. */
static int ended(struct leash__generator *generator, struct leash__task *task)
{
    int code = generator->ending.code;
    generator->state = LEASH__GENERATOR_OVER;
    if (code >= 0) {
        leash__waitable_settle(&generator->base, task, 0);
        return 0;
    }
    leash__waitable_over(&generator->base, code);
    leash__failure_set(&task->last_failure, leash__failure_ref(generator->ending.failure));
    return code;
}

static struct leash__generator *find(leash_generator_t handle, const char *call, int *error)
{
    *error = 0;
    return (struct leash__generator *)leash__waitable_handle(handle, &type, call, NULL, error);
}

int leash__next_into(leash_generator_t handle, void *place)
{
    int error;
    if (leash__handle_is_stale(handle))
        return 0;
    struct leash__task *task = leash__task_needed("leash_next", NULL);
    struct leash__generator *generator = task ? find(handle, "leash_next", &error) : NULL;
    if (!generator)
        return task ? error : -errno;
    if (generator->strand.task)
        return busy(generator, "leash_next");
    if (generator->state == LEASH__GENERATOR_OVER || generator->closing)
        return 0;
    if (generator->state == LEASH__GENERATOR_NEW && (error = begin(generator)) < 0)
        return error;
    leash__strand_enter(&generator->strand, task);
    if (generator->strand.ended)
        return ended(generator, task);
    memcpy(place, &generator->value, sizeof generator->value);
    return 1;
}

int leash_next(leash_generator_t handle, void **value)
{
    void *ignored;
    return leash__next_into(handle, value ? value : &ignored);
}

/* ---- closing ---- */

/* Throws GeneratorExit in, as it were, and runs the body to its end. */
static int close_open(struct leash__generator *generator, struct leash__task *task)
{
    if (!generator->closing) {
        generator->closing = true;
        leash__strand_enter(&generator->strand, task);
    }
    if (!generator->strand.ended)
        return leash__misuse(LEASH_MISUSE_INVALID, generator->site, -EPROTO,
                             "leash_generator_close: the body yields again, though it is being closed; return when "
                             "leash_yield says -ESHUTDOWN");
    struct leash__ending *ending = &generator->ending;
    int code = ending->code == -ESHUTDOWN || ending->code >= 0 ? 0 : ending->code;
    generator->state = LEASH__GENERATOR_OVER;
    if (code < 0)
        leash__failure_set(&task->last_failure, leash__failure_ref(ending->failure));
    leash__waitable_end(&generator->base, code);
    return code;
}

static int close_over(struct leash__generator *generator)
{
    struct leash__task *task = generator->loop->current;
    if (generator->base.cell->lingers)
        return 0; /* it ended well, and goes by itself */
    int code = generator->ending.code < 0 ? generator->ending.code : 0;
    if (code < 0 && task)
        leash__failure_set(&task->last_failure, leash__failure_ref(generator->ending.failure));
    generator->state = LEASH__GENERATOR_OVER;
    leash__waitable_end(&generator->base, code);
    return code;
}

int leash_generator_close(leash_generator_t handle)
{
    int error;
    if (leash__handle_is_stale(handle))
        return 0;
    struct leash__generator *generator = find(handle, "leash_generator_close", &error);
    if (!generator)
        return error;
    if (generator->strand.task)
        return busy(generator, "leash_generator_close");
    if (generator->state != LEASH__GENERATOR_OPEN)
        return close_over(generator);
    struct leash__task *task = leash__task_needed("leash_generator_close", generator->site);
    return task ? close_open(generator, task) : -errno;
}

/* What shutdown_asyncgens does with each, in a task of its own. */
static int close_at_end(void *handle)
{
    int error;
    if (leash__handle_is_stale(handle))
        return 0; /* another one has closed it */
    struct leash__generator *generator = find(handle, "leash_run", &error);
    if (generator->strand.task)
        return 0; /* or is about to */
    const struct leash_site *site = generator->site;
    bool quiet = generator->loop->thread->quiet;
    generator->left_open = true;
    int rc = close_open(generator, generator->loop->current);
    if (rc < 0 && !quiet)
        fprintf(stderr, "leash: a generator of %s (%s:%u) failed when it was closed at the end of the run: %s\n",
                site->expr, site->file, site->line, strerror(-rc));
    return rc;
}
