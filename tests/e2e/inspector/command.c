#include "command.h"
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX 16

static void redirect(const char *dir, const char *name, int fd)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0 || dup2(file, fd) < 0)
        _exit(98);
}

pid_t leash_start(const char *dir, const char *const *arguments)
{
    const char *words[ARGUMENTS_MAX + 2] = {LEASH_PROGRAM};
    for (size_t i = 0; i < ARGUMENTS_MAX && arguments[i]; i++)
        words[i + 1] = arguments[i];
    pid_t pid = fork();
    if (pid == 0) {
        redirect(dir, ".out", STDOUT_FILENO);
        redirect(dir, ".err", STDERR_FILENO);
        setenv("XDG_CONFIG_HOME", "/nonexistent", 0); /* what a user has configured changes no test */
        if (chdir(dir) == 0)
            execv(words[0], (char **)words);
        _exit(99);
    }
    assert_true(pid > 0);
    return pid;
}

static void read_back(const char *dir, const char *name, char *text, size_t room)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    text[fread(text, 1, room - 1, file)] = '\0';
    fclose(file);
}

void leash_wait(pid_t pid, const char *dir, struct said *said)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    said->code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    read_back(dir, ".out", said->out, sizeof said->out);
    read_back(dir, ".err", said->err, sizeof said->err);
}

void leash_says(struct said *said, const char *dir, const char *const *arguments)
{
    leash_wait(leash_start(dir, arguments), dir, said);
}
