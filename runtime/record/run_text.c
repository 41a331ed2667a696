#include "run_text.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLAIN            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+"
#define COMMAND_LINE_MAX 65536 /* longer ones are cut */

static void put_argument(FILE *out, const char *argument)
{
    if (*argument && argument[strspn(argument, PLAIN)] == '\0') {
        fputs(argument, out);
        return;
    }
    fputc('\'', out);
    for (; *argument; argument++) {
        if (*argument == '\'')
            fputs("'\\''", out);
        else
            fputc(*argument, out);
    }
    fputc('\'', out);
}

static char *quote_arguments(const char *arguments, size_t length)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    for (const char *at = arguments; at < arguments + length; at += strlen(at) + 1) {
        if (at != arguments)
            fputc(' ', out);
        put_argument(out, at);
    }
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static size_t read_command_line(char *buffer, size_t size)
{
    size_t length = 0;
    ssize_t got = 0;
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    while (length < size && (got = read(fd, buffer + length, size - length)) > 0)
        length += (size_t)got;
    close(fd);
    return length;
}

char *leash__run_argv(void)
{
    char *buffer = malloc(COMMAND_LINE_MAX + 1);
    if (!buffer)
        return NULL;
    size_t length = read_command_line(buffer, COMMAND_LINE_MAX);
    buffer[length] = '\0';
    char *text = length ? quote_arguments(buffer, length) : NULL;
    free(buffer);
    return text;
}

char *leash__run_link(const char *name)
{
    char link[64], target[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/%s", name);
    ssize_t length = readlink(link, target, sizeof target);
    return length > 0 ? strndup(target, (size_t)length) : NULL;
}

char *leash__run_options(const struct leash_options *options)
{
    char *text;
    int length = asprintf(&text,
                          "stack_size=%zu:spool_size=%zu:cleanup_timeout=%g:blocked_ms=%u:seed=%llu:exitcode=%d:"
                          "virtual_time=%d:stacks=%d:steps=%d:scan=%d:report=%d:overflow=%s:threads=%u",
                          options->stack_size, options->spool_size, options->cleanup_timeout, options->blocked_ms,
                          (unsigned long long)options->seed, options->exitcode, options->virtual_time == 1,
                          options->stacks == 1, options->steps == 1, options->scan != 0, options->report != 0,
                          options->overflow == LEASH_OVERFLOW_DROP ? "drop" : "wait", options->threads);
    return length < 0 ? NULL : text;
}
