#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "loop.h"
#include "misuse.h"
#include "process.h"
#include "stream.h"

/* What is to be begun. */
struct plan {
    const char *call;
    struct leash_process_options options;
    const char *title; /* for names and errors */
    int theirs[3];     /* the child's ends of pipes; -1: none */
    bool missing[3];   /* this process has closed its own */
    uv_stdio_container_t stdio[3];
};

/* ---- descriptors ---- */

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

/* What is opened while the child is begun must have other numbers: libuv would close it on the way, or never. */
static int fill_holes(struct plan *plan)
{
    for (int i = 0; i < 3; i++) {
        if (is_open(i))
            continue;
        if (open(_PATH_DEVNULL, O_RDWR | O_CLOEXEC) < 0) /* gets the lowest number */
            return -errno;
        plan->missing[i] = true;
    }
    return 0;
}

static void open_holes(const struct plan *plan)
{
    for (int i = 0; i < 3; i++)
        if (plan->missing[i])
            close(i);
}

static uv_stdio_container_t inherited(int fd)
{
    return (uv_stdio_container_t){.flags = UV_INHERIT_FD, .data.fd = fd};
}

/* The stream of our end. NULL: no memory, or libuv's error. */
static int adopt(struct leash__process *process, int i, int fd, struct leash_site *site)
{
    struct leash__stream *stream = leash__stream_new(process->reactor, UV_NAMED_PIPE, NULL, site);
    int rc = stream ? leash__stream_adopt(stream, fd) : -ENOMEM;
    if (rc == 0)
        process->streams[i] = leash__stream_handle(stream);
    return rc;
}

static int make_pipe(struct leash__process *process, struct plan *plan, int i, struct leash_site *site)
{
    int fds[2];
    bool is_stdin = i == 0;
    if (pipe2(fds, O_CLOEXEC) < 0)
        return -errno;
    plan->theirs[i] = fds[is_stdin ? 0 : 1];
    plan->stdio[i] = inherited(plan->theirs[i]);
    int ours = fds[is_stdin ? 1 : 0], rc = adopt(process, i, ours, site);
    if (rc < 0)
        close(ours);
    return rc;
}

static int plan_one(struct leash__process *process, struct plan *plan, int i, int what, struct leash_site *site)
{
    plan->stdio[i] = (uv_stdio_container_t){.flags = UV_IGNORE}; /* libuv opens /dev/null */
    if (what == LEASH_PIPE)
        return make_pipe(process, plan, i, site);
    if (what == LEASH_STDOUT && i == 2)
        plan->stdio[2] = plan->stdio[1];
    else if (what == LEASH_INHERIT && !plan->missing[i])
        plan->stdio[i] = inherited(i);
    else if (what >= 0 && (!is_open(what) || (what < 3 && plan->missing[what])))
        return -EBADF;
    else if (what >= 0)
        plan->stdio[i] = inherited(what);
    else if (what != LEASH_INHERIT && what != LEASH_DEVNULL)
        return -EINVAL;
    return 0;
}

static int plan_all(struct leash__process *process, struct plan *plan, struct leash_site *site)
{
    const int what[] = {plan->options.in, plan->options.out, plan->options.err};
    int rc = 0;
    for (int i = 0; i < 3 && rc == 0; i++)
        rc = plan_one(process, plan, i, what[i], site);
    return rc;
}

/* ---- the process ---- */

static int spawn(struct leash__process *process, struct plan *plan)
{
    const struct leash_process_options *options = &plan->options;
    uv_process_options_t uv = {
        .file = options->program ? options->program : options->argv[0],
        .args = (char **)(uintptr_t)options->argv, // NOLINT: libuv only reads them
        .env = (char **)(uintptr_t)options->env,   // NOLINT
        .cwd = options->cwd,
        .stdio_count = 3,
        .stdio = plan->stdio,
    };
    if (options->uid != (uid_t)-1)
        uv.flags |= UV_PROCESS_SETUID;
    if (options->gid != (gid_t)-1)
        uv.flags |= UV_PROCESS_SETGID;
    if (options->new_session || options->detached)
        uv.flags |= UV_PROCESS_DETACHED; /* setsid, and no more than that */
    uv.uid = options->uid;
    uv.gid = options->gid;
    return leash__child_begin(process->reactor, &uv, options->detached, leash__process_ended, process, &process->child);
}

static void close_theirs(struct plan *plan)
{
    for (int i = 0; i < 3; i++)
        if (plan->theirs[i] >= 0)
            close(plan->theirs[i]);
}

static void name_all(struct leash__process *process, const struct plan *plan)
{
    static const char *const ends[] = {"stdin", "stdout", "stderr"};
    char name[96], stream_name[128];
    int error;
    if (process->child)
        snprintf(name, sizeof name, "pid %d %s", process->pid, plan->title);
    else
        snprintf(name, sizeof name, "%s", plan->title);
    leash__waitable_set_name(&process->base, name);
    for (int i = 0; i < 3; i++) {
        if (!process->streams[i])
            continue;
        struct leash__stream *stream = leash__stream_of(process->streams[i], plan->call, NULL, &error);
        snprintf(stream_name, sizeof stream_name, "%s of %s", ends[i], name);
        leash__waitable_set_name(&stream->base, stream_name);
    }
}

static leash_process_t no_process(int error)
{
    errno = -error;
    return NULL;
}

static leash_process_t give_up(struct leash__process *process, const struct plan *plan, int error)
{
    const char *cwd = plan->options.cwd;
    for (int i = 0; i < 3; i++)
        if (process->streams[i])
            leash_stream_abort(process->streams[i]);
    leash__waitable_end(&process->base, error);
    return no_process(leash__refused(error, "%s: \"%s\"%s%s: %s", plan->call, plan->title, cwd ? " in " : "",
                                     cwd ? cwd : "", strerror(-error)));
}

static leash_process_t begin(struct plan *plan, struct leash_site *site)
{
    int rc = 0;
    struct leash__reactor *reactor = leash__reactor_needed(plan->call, site, &rc);
    if (!reactor)
        return no_process(rc);
    struct leash__process *process =
        (struct leash__process *)leash__waitable_new(reactor->loop, &leash__process_type, NULL, site);
    if (!process)
        return no_process(leash__refused(-ENOMEM, "%s: no memory for a process", plan->call));
    process->reactor = reactor;
    process->outlives = plan->options.detached;
    process->kill_on_cancel = plan->options.kill_on_cancel;
    process->kill_after = plan->options.kill_after;
    rc = fill_holes(plan);
    if (rc == 0)
        rc = plan_all(process, plan, site);
    if (rc == 0)
        rc = spawn(process, plan);
    close_theirs(plan);
    open_holes(plan);
    if (rc == 0)
        process->pid = process->child->uv.pid;
    name_all(process, plan);
    return rc < 0 ? give_up(process, plan, rc) : leash__cell_handle(process->base.cell, LEASH__HANDLE_OBJECT);
}

/* ---- the calls ---- */

static int take_options(struct plan *plan, const struct leash_process_options *given, struct leash_site *site)
{
    enum { DEFAULT_PATIENCE = 2 };
    plan->options = (struct leash_process_options)LEASH_PROCESS_OPTIONS_INIT;
    for (int i = 0; i < 3; i++)
        plan->theirs[i] = -1;
    if (given && (given->size < sizeof *given || given->size > 1 << 16))
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL,
                             "%s: the options do not begin with their size; start from LEASH_PROCESS_OPTIONS_INIT",
                             plan->call);
    if (given)
        plan->options = *given;
    if (plan->options.kill_after == 0)
        plan->options.kill_after = DEFAULT_PATIENCE;
    return 0;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

leash_process_t leash__create_subprocess_exec(const struct leash_process_options *options, struct leash_site *site)
{
    struct plan plan = {.call = "leash_create_subprocess_exec"};
    if (!leash__loop_needed(plan.call, site) || take_options(&plan, options, site) < 0)
        return NULL;
    if (!plan.options.argv || !plan.options.argv[0]) {
        leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: there is no argv, or nothing in it", plan.call);
        return NULL;
    }
    plan.title = base_name(plan.options.argv[0]);
    return begin(&plan, site);
}

leash_process_t leash__create_subprocess_shell(const char *command, const struct leash_process_options *options,
                                               struct leash_site *site)
{
    const char *const argv[] = {_PATH_BSHELL, "-c", command, NULL};
    struct plan plan = {.call = "leash_create_subprocess_shell"};
    if (!leash__loop_needed(plan.call, site) || take_options(&plan, options, site) < 0)
        return NULL;
    if (!command) {
        leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: the command is NULL", plan.call);
        return NULL;
    }
    plan.title = command;
    plan.options.argv = argv;
    plan.options.program = NULL;
    return begin(&plan, site);
}
