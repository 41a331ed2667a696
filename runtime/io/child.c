#include "child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "future.h"

static struct leash__child *child_of(struct leash__node *node)
{
    return LEASH__CONTAINER(node, struct leash__child, node);
}

/* ---- the end of one ---- */

static void on_closed(uv_handle_t *handle)
{
    free(LEASH__CONTAINER(handle, struct leash__child, uv));
}

/* libuv's signal handler is there only while it is needed. */
static void forget(struct leash__child *child)
{
    struct leash__reactor *reactor = child->reactor;
    leash__list_remove(&child->node);
    if (leash__list_empty(&reactor->children))
        uv_signal_stop(&reactor->sigchld);
    uv_close((uv_handle_t *)&child->uv, on_closed);
}

/* While somebody wants to know of its end, the virtual clock waits for it. */
static void tell(struct leash__child *child, int returncode)
{
    if (!child->owner)
        return;
    child->reactor->loop->in_flight--;
    child->ended(child->owner, returncode);
}

static void on_exit_of(uv_process_t *uv, int64_t status, int signal)
{
    struct leash__child *child = LEASH__CONTAINER(uv, struct leash__child, uv);
    forget(child);
    tell(child, signal ? -signal : (int)status);
}

/* ---- stolen ones ---- */

/* Somebody else in this process has waited for it: waitpid(-1), or SIGCHLD is ignored. libuv passes over it. */
static bool is_stolen(const struct leash__child *child)
{
    siginfo_t info;
    return waitid(P_PID, (id_t)child->uv.pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD;
}

static void look_for_stolen(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash__reactor *reactor = LEASH__CONTAINER(callback, struct leash__reactor, look);
    struct leash__node *next;
    (void)loop;
    for (struct leash__node *node = reactor->children.next; node != &reactor->children; node = next) {
        struct leash__child *child = child_of(node);
        next = node->next;
        if (!is_stolen(child))
            continue;
        forget(child);
        tell(child, LEASH__CHILD_STOLEN);
    }
}

/* After libuv has reaped what there is to reap. */
static void on_sigchld(uv_signal_t *handle, int signal)
{
    struct leash__reactor *reactor = LEASH__CONTAINER(handle, struct leash__reactor, sigchld);
    (void)signal;
    if (leash__list_empty(&reactor->look.node))
        leash__queue(reactor->loop, &reactor->look);
}

static int watch_signals(struct leash__reactor *reactor)
{
    if (!reactor->sigchld.loop) {
        int rc = uv_signal_init(&reactor->uv, &reactor->sigchld);
        if (rc < 0)
            return rc;
        uv_unref((uv_handle_t *)&reactor->sigchld);
        leash__callback_init(&reactor->look, look_for_stolen);
        leash__list_init(&reactor->children);
    }
    return uv_signal_start(&reactor->sigchld, on_sigchld, SIGCHLD);
}

/* ---- beginning ---- */

int leash__child_begin(struct leash__reactor *reactor, uv_process_options_t *options, bool outlives,
                       void (*ended)(void *owner, int returncode), void *owner, struct leash__child **out)
{
    struct leash__child *child = calloc(1, sizeof *child);
    int rc = child ? watch_signals(reactor) : UV_ENOMEM;
    if (rc < 0) {
        free(child);
        return leash__uv_error(rc);
    }
    child->reactor = reactor;
    child->is_group = options->flags & UV_PROCESS_DETACHED;
    child->outlives = outlives;
    child->ended = ended;
    options->exit_cb = on_exit_of;
    leash__list_append(&reactor->children, &child->node);
    rc = uv_spawn(&reactor->uv, &child->uv, options);
    if (rc < 0) {
        forget(child);
        return leash__uv_error(rc);
    }
    child->owner = owner;
    reactor->loop->in_flight++;
    *out = child;
    return 0;
}

int leash__child_signal(const struct leash__child *child, int signal)
{
    return kill(child->is_group ? -child->uv.pid : child->uv.pid, signal) < 0 ? -errno : 0;
}

/* ---- letting go ---- */

void leash__child_let_go(struct leash__child *child)
{
    child->owner = NULL;
    child->reactor->loop->in_flight--;
    if (child->outlives)
        uv_unref((uv_handle_t *)&child->uv);
    else
        leash__child_signal(child, SIGKILL);
}

/* libuv lets go of its handles after this, and would reap nobody. */
void leash__children_end(struct leash__reactor *reactor)
{
    if (!reactor->sigchld.loop)
        return;
    for (struct leash__node *node = reactor->children.next; node != &reactor->children; node = node->next) {
        const struct leash__child *child = child_of(node);
        if (child->outlives || leash__child_signal(child, SIGKILL) < 0)
            continue;
        while (waitpid(child->uv.pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    while (!leash__list_empty(&reactor->children))
        forget(child_of(reactor->children.next));
}
