/* Algorithm: CPython 3.11's BaseSubprocessTransport and Process (Lib/asyncio/base_subprocess.py, subprocess.py). */
#include "process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "await.h"
#include "closable.h"
#include "line.h"
#include "misuse.h"
#include "timer.h"

/* ---- its type ---- */

static void begin(struct leash__waitable *waitable, const struct leash_object *object)
{
    (void)object;
    leash__list_init(&((struct leash__process *)waitable)->waiters);
}

static void no_more_patience(struct leash__process *process)
{
    if (process->pressure == LEASH__ASKED)
        leash__timer_cancel(process->reactor->loop, &process->patience);
}

static void let_go(struct leash__process *process)
{
    no_more_patience(process);
    if (process->child)
        leash__child_let_go(process->child);
    process->child = NULL;
}

static void end(struct leash__waitable *waitable)
{
    struct leash__process *process = (struct leash__process *)waitable;
    let_go(process);
    for (int i = 0; i < 3; i++)
        free(process->collected[i].data);
}

static unsigned facts(const struct leash__waitable *waitable)
{
    const struct leash__process *process = (const struct leash__process *)waitable;
    return process->child && !process->outlives ? LEASH_FACT_LEFT_OPEN : 0;
}

const struct leash__waitable_type leash__process_type = {.kind = LEASH_OBJECT_PROCESS,
                                                         .name = "process",
                                                         .size = sizeof(struct leash__process),
                                                         .begin = begin,
                                                         .end = end,
                                                         .facts = facts};

struct leash__process *leash__process_of(leash_process_t handle, const char *call, struct leash_site *site, int *rc)
{
    struct leash__process *process =
        (struct leash__process *)leash__closable_of(handle, &leash__process_type, call, site, rc);
    if (process && !process->closed)
        return process;
    if (*rc == 0)
        *rc = leash__refused(-EBADF, "%s: the process is closed", call);
    return NULL;
}

/* ---- the end ---- */

/* As CPython says. */
static int stolen(const struct leash__process *process)
{
    leash__misuse(LEASH_MISUSE_INVALID, NULL, -ECHILD,
                  "process \"%s\": somebody else waited for it (waitpid(-1)?): what it returned is lost; 255 is told",
                  leash__waitable_name(&process->base));
    return 255;
}

/* _process_exited(). Of a group that was to end nobody stays: its number is not free while one is there. */
void leash__process_ended(void *owner, int returncode)
{
    struct leash__process *process = owner;
    no_more_patience(process);
    if (process->pressure != LEASH__UNHURT && process->child->is_group)
        kill(-process->pid, SIGKILL);
    process->returncode = returncode == LEASH__CHILD_STOLEN ? stolen(process) : returncode;
    process->child = NULL;
    leash__line_wake_all(process->reactor->loop, &process->waiters);
}

static void end_if_over(struct leash__process *process)
{
    if (process->closed && process->users == 0)
        leash__waitable_end(&process->base, 0);
}

void leash__process_leave(struct leash__process *process)
{
    process->users--;
    end_if_over(process);
}

int leash_process_close(leash_process_t handle)
{
    int error;
    struct leash__process *process =
        (struct leash__process *)leash__closable_of(handle, &leash__process_type, "leash_process_close", NULL, &error);
    if (!process || process->closed)
        return error;
    process->closed = true;
    for (int i = 0; i < 3; i++)
        if (process->streams[i])
            leash_stream_close(process->streams[i]);
    let_go(process);
    leash__line_wake_all(process->reactor->loop, &process->waiters);
    end_if_over(process);
    return 0;
}

/* ---- pressure ---- */

static int force(struct leash__process *process)
{
    no_more_patience(process);
    process->pressure = LEASH__FORCED;
    return leash__child_signal(process->child, SIGKILL);
}

static void out_of_patience(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash__timer *timer = LEASH__CONTAINER(callback, struct leash__timer, callback);
    (void)loop;
    force(LEASH__CONTAINER(timer, struct leash__process, patience));
}

/* Whoever is the first to be cancelled asks; who comes later waits with it. */
static int ask(struct leash__process *process)
{
    struct leash__loop *loop = process->reactor->loop;
    if (process->pressure != LEASH__UNHURT)
        return 0;
    if (process->kill_after < 0 ||
        leash__timer_arm(loop, &process->patience, leash__ns(process->kill_after), out_of_patience) < 0)
        return force(process);
    process->pressure = LEASH__ASKED;
    return leash__child_signal(process->child, SIGTERM);
}

void leash__process_cancelled(struct leash__process *process, struct leash_site *site)
{
    struct leash__waiter waiter;
    if (!process->kill_on_cancel || !process->child)
        return;
    int rc = ask(process);
    while (rc == 0 && process->child) {
        if (!leash__waitable_wait(&process->base, &process->waiters, &waiter, site))
            continue;
        leash__cancelled_here(process->reactor->loop->current);
        if (process->child)
            rc = force(process);
    }
}

/* ---- waiting ---- */

int leash__process_wait_for_end(struct leash__process *process, const char *call, struct leash_site *site)
{
    struct leash__waiter waiter;
    if (process->child && leash__waitable_wait(&process->base, &process->waiters, &waiter, site)) {
        leash__cancelled_here(process->reactor->loop->current);
        leash__process_cancelled(process, site);
        return -ECANCELED;
    }
    return process->closed ? leash__refused(-EBADF, "%s: the process was closed", call) : 0;
}

int leash__process_wait(leash_process_t handle, int *returncode, struct leash_site *site)
{
    const char *call = "leash_process_wait";
    int rc;
    if (!leash__task_needed(call, site))
        return -errno;
    struct leash__process *process = leash__process_of(handle, call, site, &rc);
    if (!process)
        return rc;
    process->users++;
    rc = leash__process_wait_for_end(process, call, site);
    if (rc == 0 && returncode)
        *returncode = process->returncode;
    leash__process_leave(process);
    return rc;
}

/* ---- signals ---- */

static int send_signal(leash_process_t handle, int signal, const char *call)
{
    int rc;
    const struct leash__process *process = leash__process_of(handle, call, NULL, &rc);
    if (!process)
        return rc;
    rc = process->child ? leash__child_signal(process->child, signal) : -ESRCH;
    if (rc < 0)
        leash__refused(rc, "%s: signal %d to \"%s\": %s", call, signal, leash__waitable_name(&process->base),
                       process->child ? strerror(-rc) : "it has ended");
    return rc;
}

int leash_process_send_signal(leash_process_t handle, int signal)
{
    return send_signal(handle, signal, "leash_process_send_signal");
}

int leash_process_terminate(leash_process_t handle)
{
    return send_signal(handle, SIGTERM, "leash_process_terminate");
}

int leash_process_kill(leash_process_t handle)
{
    return send_signal(handle, SIGKILL, "leash_process_kill");
}

/* ---- what it is ---- */

int leash_process_pid(leash_process_t handle)
{
    int rc;
    const struct leash__process *process = leash__process_of(handle, "leash_process_pid", NULL, &rc);
    return process ? process->pid : rc;
}

int leash_process_returncode(leash_process_t handle, int *returncode)
{
    int rc;
    const struct leash__process *process = leash__process_of(handle, "leash_process_returncode", NULL, &rc);
    if (!process || process->child)
        return process ? 0 : rc;
    if (returncode)
        *returncode = process->returncode;
    return 1;
}

static leash_stream_t stream_of(leash_process_t handle, int i, const char *call)
{
    int rc;
    const struct leash__process *process = leash__process_of(handle, call, NULL, &rc);
    if (process && process->streams[i])
        return process->streams[i];
    if (process)
        leash__refused(-ENOTCONN, "%s: it is no pipe of \"%s\"", call, leash__waitable_name(&process->base));
    else
        errno = -rc;
    return NULL;
}

leash_stream_t leash_process_stdin(leash_process_t handle)
{
    return stream_of(handle, 0, "leash_process_stdin");
}

leash_stream_t leash_process_stdout(leash_process_t handle)
{
    return stream_of(handle, 1, "leash_process_stdout");
}

leash_stream_t leash_process_stderr(leash_process_t handle)
{
    return stream_of(handle, 2, "leash_process_stderr");
}
