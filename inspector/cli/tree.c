#include "tree.h"
#include "command.h"
#include "preload.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SAY_AFTER_S 1 /* that we wait for processes which the command left behind */

static const int passed_on[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

static void block_signals(sigset_t *all, sigset_t *before)
{
    sigemptyset(all);
    sigaddset(all, SIGCHLD);
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
        sigaddset(all, passed_on[i]);
    sigaction(SIGCHLD, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    sigprocmask(SIG_BLOCK, all, before);
}

/* In the child: becomes the command, or tells through the pipe why not. */
static void become(char **argv, const char *trace, const char *preload, const sigset_t *mask, int pipe_end)
{
    setenv("LEASH_TRACE", trace, 1);
    if (preload)
        preload_set(preload);
    sigprocmask(SIG_SETMASK, mask, NULL);
    execvp(argv[0], argv);
    int cause = errno;
    ssize_t put = write(pipe_end, &cause, sizeof cause);
    _exit(put < 0 || cause == ENOENT ? 127 : 126);
}

static int start(char **argv, const char *trace, const char *preload, const sigset_t *mask, struct tree *out)
{
    int ends[2], cause = 0;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    out->pid = fork();
    if (out->pid == 0)
        become(argv, trace, preload, mask, ends[1]);
    int rc = out->pid < 0 ? -errno : 0;
    close(ends[1]);
    if (rc == 0 && read(ends[0], &cause, sizeof cause) == (ssize_t)sizeof cause)
        out->failed = -cause;
    close(ends[0]);
    return rc;
}

static void note_end(struct tree *tree, int status)
{
    tree->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    tree->code = tree->signal ? 128 + tree->signal : WEXITSTATUS(status);
}

/* True while there are processes to wait for. */
static bool reap(struct tree *tree, bool *ended)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == tree->pid) {
            note_end(tree, status);
            *ended = true;
        }
    }
    return pid == 0;
}

/* A signal that the terminal sent has reached the command as well: a second one would mean something else to it. */
static bool is_from_terminal(const siginfo_t *info)
{
    return info->si_code == SI_KERNEL;
}

static void wait_for_all(struct tree *tree, const sigset_t *all)
{
    bool ended = false, said = false;
    while (reap(tree, &ended)) {
        siginfo_t info;
        int number = sigtimedwait(all, &info, &(struct timespec){.tv_sec = SAY_AFTER_S});
        if (number < 0 && errno == EAGAIN && ended && !said) {
            complain("run", "waiting for processes that the command left behind (interrupt to stop waiting)");
            said = true;
        }
        if (number <= 0 || number == SIGCHLD)
            continue;
        if (ended) {
            tree->left = true;
            return;
        }
        if (!is_from_terminal(&info))
            kill(tree->pid, number);
    }
}

int tree_run(char **argv, const char *trace, const char *preload, struct tree *out)
{
    sigset_t all, before;
    *out = (struct tree){0};
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    block_signals(&all, &before);
    int rc = start(argv, trace, preload, &before, out);
    if (rc == 0)
        wait_for_all(out, &all);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return rc;
}
