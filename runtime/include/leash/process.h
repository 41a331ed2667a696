/* Processes: asyncio.subprocess. A child is begun, waited for, sent signals, and talked to through pipes, which are
 * streams.
 *
 *     struct leash_process_options options = LEASH_PROCESS_OPTIONS_INIT;
 *     options.argv = (const char *const[]){"sort", "-n", NULL};
 *     options.in = options.out = LEASH_PIPE;
 *     leash_process_t sort = leash_create_subprocess_exec(&options);
 *     char *sorted;
 *     size_t size;
 *     int code, rc = leash_process_communicate(sort, "3\n1\n2\n", 6, &sorted, &size, NULL, NULL);
 *     if (rc == 0 && leash_process_returncode(sort, &code) == 1 && code == 0)
 *         fwrite(sorted, 1, size, stdout);
 *     leash_process_close(sort);
 *
 * Semantics: CPython 3.11's Lib/asyncio/subprocess.py and base_subprocess.py. What differs:
 *   - a returncode is told through an output, as it may be negative: -N is death by signal N;
 *   - wait() waits for the process, and not for the other ends of its pipes, which its children may still have;
 *   - communicate() closes the child's stdin without input too (as from CPython 3.12 on), and has read nothing in vain
 *     when it is cancelled: the next call goes on;
 *   - descriptors other than 0, 1 and 2 go to the child unless they are close-on-exec, which all of leash's are.
 *
 * The child begins with every signal at its default and unblocked. Of those that are left when the loop ends, or closed
 * while they run, none stays behind, not even as a zombie: they are killed (SIGKILL) and reaped, as asyncio's
 * transports do, but for detached ones. While a child runs and its process is not closed, the virtual clock does not
 * jump, and there is something to wait for.
 *
 * SIGCHLD is libuv's while a child runs: a handler that the program had is lost, and one that it sets then keeps ends
 * from being noticed. Whoever calls wait() or waitpid(-1), on any thread, steals children: such a one is said to have
 * returned 255, and leash_last_error() and the trace say why. A forked process (leash_after_fork) has children of its
 * own only; exit() leaves them running.
 *
 * All: the thread of the process's loop (-EPERM otherwise); a call blocks it for as long as fork(2) and execve(2) take.
 * -EBADF: it is closed; -EINVAL: it never was a process. Each is an object in the trace ("pid 123 sort"); one that runs
 * on when its loop ends is told of as left open, but for detached ones. */
#ifndef LEASH_PROCESS_H
#define LEASH_PROCESS_H

#include <leash/site.h>
#include <leash/stream.h>
#include <stddef.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_process_ *leash_process_t;

/* What the child has for its stdin, stdout and stderr, beside a descriptor of this process. */
enum {
    LEASH_INHERIT = -1, /* what this process has; it must not be non-blocking here, as it is made blocking */
    LEASH_PIPE = -2,    /* a pipe, whose other end is a stream */
    LEASH_DEVNULL = -3, /* /dev/null */
    LEASH_STDOUT = -4   /* stderr only: what stdout has */
};

/* How to begin. `size` makes room for later fields: always start from LEASH_PROCESS_OPTIONS_INIT. */
struct leash_process_options {
    size_t size;             /* sizeof(struct leash_process_options) */
    const char *const *argv; /* arguments, the program's name first, and a NULL; for exec only */
    const char *program;     /* what is run; NULL: argv[0]. Without a slash it is looked up in PATH: env's, if given */
    const char *const *env;  /* "NAME=value", ..., NULL; NULL: this process's environment */
    const char *cwd;         /* where; NULL: here */
    int in, out, err;        /* LEASH_INHERIT, ..., or a descriptor, which stays the caller's */
    uid_t uid;               /* (uid_t)-1: as this process; else supplementary groups are dropped too */
    gid_t gid;               /* (gid_t)-1: as this process */
    int new_session;    /* 1: in a session and a process group of its own (setsid): signals sent here go to all of it */
    int detached;       /* 1: the same, and it is left running when the process is closed or the loop ends; whoever
                         * reaps it then, it is a zombie until this process ends */
    int kill_on_cancel; /* 1: a task that is cancelled while it waits for the child ends it: see leash_process_wait */
    double kill_after;  /* seconds from SIGTERM to SIGKILL; 0: 2; negative: SIGKILL at once */
};
#define LEASH_PROCESS_OPTIONS_INIT                                                                                     \
    {                                                                                                                  \
        sizeof(struct leash_process_options), 0, 0, 0, 0, LEASH_INHERIT, LEASH_INHERIT, LEASH_INHERIT, (uid_t)-1,      \
            (gid_t)-1, 0, 0, 0, 0                                                                                      \
    }

/* leash_create_subprocess_exec(options): begins a process. Never suspends. NULL and errno: ENOENT, EACCES, ENOEXEC,
 * ENOTDIR, ...: the program or cwd; E2BIG argv and env are too long; EAGAIN too many processes; EPERM uid, gid, or no
 * running loop; EBADF in, out or err is no descriptor; EINVAL no argv, or what makes no sense; EMFILE, ENFILE, ENOMEM.
 * There is no child then, and no descriptor is left open. */
#define leash_create_subprocess_exec(options)                                                                          \
    leash__create_subprocess_exec((options), LEASH_SITE("leash_create_subprocess_exec"))
/* leash_create_subprocess_shell(command, options): the same of `/bin/sh -c command`. options may be NULL; argv and
 * program are not looked at. With kill_on_cancel you want new_session: the shell alone is hardly what is to end. */
#define leash_create_subprocess_shell(command, options)                                                                \
    leash__create_subprocess_shell((command), (options), LEASH_SITE("leash_create_subprocess_shell"))

/* leash_process_wait(process, &returncode): suspends until it has ended, but not if it has. Any number of tasks may
 * wait. 0 and *returncode (which may be NULL): the exit code, or -N if signal N killed it. -ECANCELED: this wait was
 * cut short; the child goes on, or, with kill_on_cancel, has ended: it was sent SIGTERM, if need be SIGKILL after
 * kill_after seconds (at once if the task is cancelled again), and was reaped before this returns. -EBADF it is closed,
 * perhaps meanwhile; -EINVAL; -EPERM not inside a task. Beware: a child whose pipe is full, and that nobody reads,
 * never ends: leash_process_communicate reads. */
#define leash_process_wait(process, returncode)                                                                        \
    leash__process_wait((process), (returncode), LEASH_SITE("leash_process_wait"))
/* leash_process_communicate(process, input, n, &out, &out_size, &err, &err_size): sends input (n bytes; NULL: none) to
 * stdin and closes it, reads stdout and stderr to their ends, as far as they are pipes, and waits. 0: *out and *err are
 * what was read, for free(3), with a zero byte behind it that does not count; NULL and 0 of what is no pipe. Where
 * `out` or `err` is NULL what is read is thrown away. That the child did not want its input is no error. -ECANCELED as
 * leash_process_wait; the rest of the input is still sent, and what was read is kept: call it again, without input.
 * -EBUSY another task reads; -ENOMEM: too much was read (it is kept); -EIO, ...: reading failed; -EBADF, -EINVAL,
 * -EPERM. Outputs are untouched then. */
#define leash_process_communicate(process, input, n, out, out_size, err, err_size)                                     \
    leash__process_communicate((process), (input), (n), (out), (out_size), (err), (err_size),                          \
                               LEASH_SITE("leash_process_communicate"))

/* Sends it a signal; terminate is SIGTERM, kill SIGKILL. 0; -ESRCH it has ended; -EPERM it runs as another user, or
 * this thread is not its loop's; -EINVAL no such signal; -EBADF. */
LEASH_API int leash_process_send_signal(leash_process_t process, int signal);
LEASH_API int leash_process_terminate(leash_process_t process);
LEASH_API int leash_process_kill(leash_process_t process);

/* Its number, also when it has ended (and another one may have it). -EBADF, -EINVAL, -EPERM. */
LEASH_API int leash_process_pid(leash_process_t process);
/* 1 and *returncode (which may be NULL): it has ended, see leash_process_wait; 0: not as far as the loop knows. -EBADF,
 * -EINVAL, -EPERM. */
LEASH_API int leash_process_returncode(leash_process_t process, int *returncode);
/* The streams of what is a pipe. They are the process's: leash_process_close closes them; close stdin's before that
 * (leash_stream_close) for the child to see its end. NULL and errno: ENOTCONN it is no pipe; EBADF, EINVAL, EPERM. */
LEASH_API leash_stream_t leash_process_stdin(leash_process_t process);
LEASH_API leash_stream_t leash_process_stdout(leash_process_t process);
LEASH_API leash_stream_t leash_process_stderr(leash_process_t process);

/* The program has no more to do with it: its streams are closed and, if it still runs, it is killed, but for a detached
 * one. Who waits is told -EBADF. Never suspends: it is reaped later. 0, also if it was closed before; -EINVAL,
 * -EPERM. */
LEASH_API int leash_process_close(leash_process_t process);

LEASH_API LEASH_MUST_USE leash_process_t leash__create_subprocess_exec(const struct leash_process_options *options,
                                                                       struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_process_t leash__create_subprocess_shell(const char *command,
                                                                        const struct leash_process_options *options,
                                                                        struct leash_site *site);
LEASH_API int leash__process_wait(leash_process_t process, int *returncode, struct leash_site *site);
LEASH_API int leash__process_communicate(leash_process_t process, const void *input, size_t n, char **out,
                                         size_t *out_size, char **err, size_t *err_size, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
