#include "children.h"

#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "descriptors.h"
#include "sink.h"

int children_setup(void **state)
{
    return descriptors_setup(state);
}

int children_teardown(void **state)
{
    int rc = descriptors_teardown(state);
    pid_t left = waitpid(-1, NULL, WNOHANG);
    if (left >= 0 || errno != ECHILD) {
        fprintf(stderr, "a child is left behind: %d\n", (int)left);
        return -1;
    }
    return rc;
}

void tell(struct family *family, const char *word, int number)
{
    size_t length = strlen(family->words);
    snprintf(family->words + length, sizeof family->words - length, "%s%s %d", length ? ", " : "", word, number);
}

leash_process_t shell(struct family *family, const char *command)
{
    family->process = leash_create_subprocess_shell(command, &family->options);
    if (!family->process)
        family->rc[0] = -errno;
    else
        family->pid = leash_process_pid(family->process);
    return family->process;
}

int hears(struct family *family)
{
    const char *line;
    int n = leash_stream_readline(leash_process_stdout(family->process), &line);
    if (n <= 0)
        return n < 0 ? n : -EPROTO;
    snprintf(family->text[0], sizeof family->text[0], "%.*s", n - 1, line);
    return 0;
}

struct waiting {
    struct family *family;
    const char *name;
};

static int wait_body(void *arg)
{
    struct waiting *waiting = arg;
    int code = 1000, rc = leash_process_wait(waiting->family->process, &code);
    tell(waiting->family, waiting->name, rc < 0 ? rc : code);
    return rc;
}

leash_task_t waits(struct family *family, const char *name)
{
    struct waiting waiting = {family, name};
    leash_task_t task = leash_create_task(leash_coro_copy(wait_body, &waiting, sizeof waiting));
    leash_sleep(0);
    return task;
}

bool is_gone(int pid)
{
    return kill(pid, 0) < 0 && errno == ESRCH;
}

bool is_dead(int pid)
{
    char path[64], state = 'X';
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *stat = fopen(path, "re");
    if (!stat)
        return true;
    int n = fscanf(stat, "%*d (%*[^)]) %c", &state);
    fclose(stat);
    return n < 1 || state == 'Z' || state == 'X';
}

void run_family(leash_fn_t fn, struct family *family)
{
    struct family first = *family;
    assert_int_equal(run_really(fn, &first), 0);
    assert_int_equal(run_virtual(fn, family), 0);
}

struct family family_of(int in, int out, int err)
{
    struct family family = {.options = LEASH_PROCESS_OPTIONS_INIT};
    family.options.in = in;
    family.options.out = out;
    family.options.err = err;
    return family;
}
