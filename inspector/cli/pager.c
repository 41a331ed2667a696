#include "pager.h"
#include "alloc.h"
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLANKS    " \t"
#define WORDS_MAX 15

static const char *chosen_pager(void)
{
    const char *ours = getenv("LEASH_PAGER"), *pager = getenv("PAGER");
    return ours ? ours : pager ? pager : "less -FRX";
}

/* Cuts `text` up; the number of words. */
static size_t cut_words(char *text, char **words)
{
    size_t count = 0;
    for (char *word; count < WORDS_MAX && (word = strsep(&text, BLANKS));)
        if (*word)
            words[count++] = word;
    words[count] = NULL;
    return count;
}

/* Starts it with `in` as its standard input. 0 or an errno. */
static int spawn(char **words, int in, pid_t *pid)
{
    sigset_t normal;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    sigemptyset(&normal);
    sigaddset(&normal, SIGPIPE);
    sigaddset(&normal, SIGINT);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &normal);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    int rc = posix_spawnp(pid, words[0], &actions, &attributes, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return rc;
}

static void on_interrupt(int number)
{
    (void)number;
    trace_interrupted = 1;
}

void pager_start(struct pager *pager)
{
    int ends[2];
    char *words[WORDS_MAX + 1], *text = xstrdup(chosen_pager());
    *pager = (struct pager){0};
    if (cut_words(text, words) == 0 || strcmp(words[0], "cat") == 0 || pipe2(ends, O_CLOEXEC) < 0)
        goto done;
    setenv("LESS", "FRX", 0); /* as git does: colours get through, one page does not wait */
    if (spawn(words, ends[0], &pager->pid) == 0)
        pager->in = fdopen(ends[1], "w");
    close(ends[0]);
    if (!pager->in) {
        close(ends[1]);
        goto done;
    }
    signal(SIGPIPE, SIG_IGN);
    sigaction(SIGINT, &(struct sigaction){.sa_handler = on_interrupt}, NULL);
done:
    free(text);
}

void pager_end(struct pager *pager)
{
    fclose(pager->in); /* a pager that was left early is no failure */
    while (waitpid(pager->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    *pager = (struct pager){0};
}
