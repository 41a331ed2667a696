/* Algorithm: CPython 3.11's Process.communicate (Lib/asyncio/subprocess.py). Its gather is one task here, beside the
 * one that calls, where both outputs are read; what was read stays the process's until all of it is there. */
#include <errno.h>
#include <leash/await.h>
#include <leash/task.h>
#include <stdio.h>
#include <stdlib.h>

#include "await.h"
#include "misuse.h"
#include "process.h"

static const char call[] = "leash_process_communicate";

/* ---- input ---- */

/* _feed_stdin(): what the child does not want is no error. The stream goes on sending when it is closed. */
static int feed(struct leash__process *process, const void *input, size_t n, struct leash_site *site)
{
    leash_stream_t in = process->streams[0];
    if (!in)
        return n == 0 ? 0
                      : leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: stdin of \"%s\" is no pipe", call,
                                      leash__waitable_name(&process->base));
    int rc = n == 0 || leash_stream_is_closing(in) ? 0 : leash__stream_write(in, input, n, site);
    leash_stream_close(in);
    return rc == -EPIPE || rc == -ECONNRESET ? 0 : rc;
}

/* ---- output ---- */

/* Room for more, and for a zero byte behind it. */
static int make_room(struct leash__collected *collected)
{
    enum { LEAST = 4096 };
    if (collected->capacity - collected->size > LEAST)
        return 0;
    size_t capacity = collected->capacity ? collected->capacity * 2 : 2 * LEAST + 1;
    char *data = capacity > collected->capacity ? realloc(collected->data, capacity) : NULL;
    if (!data)
        return leash__refused(-ENOMEM, "%s: no memory for %zu bytes that were read", call, capacity);
    collected->data = data;
    collected->capacity = capacity;
    return 0;
}

/* _read_stream(): to the end of stdout (1) or stderr (2), and closes it. */
static int collect(struct leash__process *process, int i, bool is_wanted, struct leash_site *site)
{
    struct leash__collected *collected = &process->collected[i];
    int n = 1;
    while (n > 0) {
        n = make_room(collected);
        if (n == 0)
            n = leash__stream_read(process->streams[i], collected->data + collected->size,
                                   collected->capacity - collected->size - 1, site);
        if (n > 0 && is_wanted)
            collected->size += (size_t)n;
    }
    if (n == 0)
        leash_stream_close(process->streams[i]);
    return n;
}

struct side {
    struct leash__process *process;
    bool is_wanted;
    struct leash_site *site;
};

static int collect_stderr(void *arg)
{
    const struct side *side = arg;
    return collect(side->process, 2, side->is_wanted, side->site);
}

static leash_task_t begin_stderr(struct leash__process *process, bool is_wanted, struct leash_site *site)
{
    const struct side side = {process, is_wanted, site};
    char name[128];
    leash_coro_t coro = leash__coro_copy(collect_stderr, &side, sizeof side, site);
    snprintf(name, sizeof name, "stderr of %s", leash__waitable_name(&process->base));
    leash_task_t task = coro ? leash__create_task(coro, name, site) : NULL;
    if (coro && !task)
        leash_close(coro);
    return task;
}

/* Whatever becomes of this task, the other one has ended then. */
static int await_stderr(leash_task_t task, struct leash_site *site)
{
    int rc = leash__await_task(task, NULL, site);
    while (leash_done(task) == 0)
        rc = leash__await_task(task, NULL, site);
    return rc;
}

static int collect_both(struct leash__process *process, const bool is_wanted[3], struct leash_site *site)
{
    leash_task_t task = begin_stderr(process, is_wanted[2], site);
    if (!task)
        return -errno;
    int rc = collect(process, 1, is_wanted[1], site);
    if (rc == 0)
        return await_stderr(task, site);
    leash__cancel(task, NULL, site);
    await_stderr(task, site);
    return rc;
}

static int collect_all(struct leash__process *process, const bool is_wanted[3], struct leash_site *site)
{
    if (process->streams[1] && process->streams[2])
        return collect_both(process, is_wanted, site);
    if (process->streams[1])
        return collect(process, 1, is_wanted[1], site);
    return process->streams[2] ? collect(process, 2, is_wanted[2], site) : 0;
}

/* ---- the call ---- */

static void hand_over(struct leash__process *process, int i, char **data, size_t *size)
{
    struct leash__collected *collected = &process->collected[i];
    if (collected->data)
        collected->data[collected->size] = '\0';
    if (size)
        *size = collected->size;
    if (data)
        *data = collected->data;
    else
        free(collected->data);
    *collected = (struct leash__collected){0};
}

static int communicate(struct leash__process *process, const void *input, size_t n, const bool is_wanted[3],
                       struct leash_site *site)
{
    int rc = feed(process, input, n, site);
    if (rc < 0)
        return rc;
    rc = collect_all(process, is_wanted, site);
    if (rc == 0)
        return leash__process_wait_for_end(process, call, site);
    if (rc == -ECANCELED)
        leash__process_cancelled(process, site);
    return rc;
}

int leash__process_communicate(leash_process_t handle, const void *input, size_t n, char **out, size_t *out_size,
                               char **err, size_t *err_size, struct leash_site *site)
{
    const bool is_wanted[] = {false, out != NULL, err != NULL};
    int rc;
    if (!leash__task_needed(call, site))
        return -errno;
    struct leash__process *process = leash__process_of(handle, call, site, &rc);
    if (!process)
        return rc;
    process->users++;
    rc = communicate(process, input, input ? n : 0, is_wanted, site);
    if (rc == 0) {
        hand_over(process, 1, out, out_size);
        hand_over(process, 2, err, err_size);
    }
    leash__process_leave(process);
    return rc;
}
