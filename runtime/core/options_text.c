#include "options_text.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEPARATORS ":, \t\r\n"
#define INSPECTORS "inspector." /* names that begin so are for the program `leash`: nothing is said of them here */

/* What a value may look like, in the words of the message that says so. */
#define VALUE_KINDS(X)                                                                                                 \
    X(PATH, "a path expected")                                                                                         \
    X(SIZE, "a number of bytes expected, k, m or g may follow")                                                        \
    X(SECONDS, "a number of seconds expected, 0 or more")                                                              \
    X(UNSIGNED, "a whole number expected, 0 or more")                                                                  \
    X(SEED, "a whole number of 64 bits expected, 0 or more")                                                           \
    X(EXITCODE, "an exit code expected, 0 to 255")                                                                     \
    X(SWITCH, "0 or 1 expected")                                                                                       \
    X(SCAN, "0 (never), 1 (at the end) or 2 (while it runs, too) expected")                                            \
    X(OVERFLOW, "wait or drop expected")                                                                               \
    X(ON_DEADLOCK, "end, report, cancel or abort expected")                                                            \
    X(STOP_SIGNAL, "0 (none) or the number of a real-time signal expected")

enum value_kind {
#define X(kind, expected) VALUE_##kind,
    VALUE_KINDS(X)
#undef X
};

static const char *const expected_text[] = {
#define X(kind, expected) expected,
    VALUE_KINDS(X)
#undef X
};

/* Every option: a field of struct leash_options and what its value looks like. */
#define OPTIONS(X)                                                                                                     \
    X(trace, PATH)                                                                                                     \
    X(stack_size, SIZE)                                                                                                \
    X(spool_size, SIZE)                                                                                                \
    X(threads, UNSIGNED)                                                                                               \
    X(cleanup_timeout, SECONDS)                                                                                        \
    X(blocked_ms, UNSIGNED)                                                                                            \
    X(seed, SEED)                                                                                                      \
    X(exitcode, EXITCODE)                                                                                              \
    X(virtual_time, SWITCH)                                                                                            \
    X(stacks, SWITCH)                                                                                                  \
    X(steps, SWITCH)                                                                                                   \
    X(scan, SCAN)                                                                                                      \
    X(dump, SWITCH)                                                                                                    \
    X(sigint, SWITCH)                                                                                                  \
    X(report, SWITCH)                                                                                                  \
    X(overflow, OVERFLOW)                                                                                              \
    X(on_deadlock, ON_DEADLOCK)                                                                                        \
    X(stop_signal, STOP_SIGNAL)

static const struct option {
    const char *name;
    enum value_kind kind;
    size_t offset;
} options[] = {
#define X(field, kind) {#field, VALUE_##kind, offsetof(struct leash_options, field)},
    OPTIONS(X)
#undef X
};

#define NAME_LIST_ITEM(field, kind) " " #field
static const char known_names[] = OPTIONS(NAME_LIST_ITEM);

static const struct option *option_find(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (strlen(options[i].name) == length && memcmp(options[i].name, name, length) == 0)
            return &options[i];
    return NULL;
}

/* ---- values: each reads a terminated, non-empty text and leaves *out alone if it is malformed ---- */

static bool read_number(const char *text, const char **rest, uint64_t *out)
{
    if (*text < '0' || *text > '9')
        return false;
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    if (errno)
        return false;
    *rest = end;
    *out = value;
    return true;
}

static bool read_whole(const char *text, uint64_t max, uint64_t *out)
{
    const char *rest;
    uint64_t value;
    if (!read_number(text, &rest, &value) || *rest || value > max)
        return false;
    *out = value;
    return true;
}

static unsigned suffix_shift(const char *suffix)
{
    static const char *const suffixes[] = {"", "k", "m", "g"};
    static const char *const capitals[] = {"", "K", "M", "G"};
    for (unsigned i = 0; i < 4; i++)
        if (!strcmp(suffix, suffixes[i]) || !strcmp(suffix, capitals[i]))
            return 10 * i;
    return UINT_MAX;
}

static bool read_size(const char *text, size_t *out)
{
    const char *suffix;
    uint64_t value;
    if (!read_number(text, &suffix, &value))
        return false;
    unsigned shift = suffix_shift(suffix);
    if (shift == UINT_MAX || value > SIZE_MAX >> shift)
        return false;
    *out = (size_t)value << shift;
    return true;
}

static bool read_seconds(const char *text, double *out)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value) || value < 0)
        return false;
    *out = value;
    return true;
}

/* The words are those of `each` values, in turn. */
static bool read_choice(const char *text, const char *const words[], int each, int *out)
{
    for (int i = 0; words[i]; i++) {
        if (!strcmp(text, words[i])) {
            *out = i % each;
            return true;
        }
    }
    return false;
}

bool leash__options_path(const char *text, const char **out)
{
    char *copy = strdup(text);
    if (copy) {
        free((void *)(uintptr_t)*out);
        *out = copy;
    }
    return copy != NULL;
}

static bool read_value(const struct option *option, const char *text, struct leash_options *into)
{
    static const char *const switches[] = {"0", "1", "no", "yes", "false", "true", NULL};
    static const char *const overflows[] = {"wait", "drop", NULL};
    static const char *const on_deadlocks[] = {"end", "report", "cancel", "abort", NULL};
    void *field = (char *)into + option->offset;
    uint64_t whole;
    switch (option->kind) {
    case VALUE_PATH:
        return leash__options_path(text, field);
    case VALUE_SIZE:
        return read_size(text, field);
    case VALUE_SECONDS:
        return read_seconds(text, field);
    case VALUE_UNSIGNED:
        return read_whole(text, UINT_MAX, &whole) && (*(unsigned *)field = (unsigned)whole, true);
    case VALUE_SEED:
        return read_whole(text, UINT64_MAX, field);
    case VALUE_EXITCODE:
        return read_whole(text, 255, &whole) && (*(int *)field = (int)whole, true);
    case VALUE_SWITCH:
        return read_choice(text, switches, 2, field);
    case VALUE_SCAN:
        return read_choice(text, switches, 2, field) ||
               (read_whole(text, LEASH_SCAN_RUNNING, &whole) && (*(int *)field = (int)whole, true));
    case VALUE_OVERFLOW:
        return read_choice(text, overflows, 2, field);
    case VALUE_ON_DEADLOCK:
        return read_choice(text, on_deadlocks, 4, field);
    case VALUE_STOP_SIGNAL:
        return read_whole(text, (uint64_t)SIGRTMAX, &whole) && (whole == 0 || whole >= (uint64_t)SIGRTMIN) &&
               (*(int *)field = (int)whole, true);
    }
    return false;
}

/* ---- the text ---- */

struct complaints {
    leash__options_complain_fn *fn;
    void *argument;
    int count;
};

static void __attribute__((format(printf, 2, 3))) complain(struct complaints *complaints, const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    complaints->count++;
    complaints->fn(message, complaints->argument);
}

/* Cuts a value at `text`: up to a separator, or up to the closing quote. Returns what follows, NULL if a quote is left
 * open (the value is then the rest). */
static const char *value_end(const char *text, const char **value, size_t *length)
{
    if (*text != '\'' && *text != '"') {
        *value = text;
        *length = strcspn(text, SEPARATORS);
        return text + *length;
    }
    const char *close = strchr(text + 1, *text);
    *value = text + 1;
    *length = close ? (size_t)(close - *value) : strlen(*value);
    return close ? close + 1 : NULL;
}

static void take_value(const struct option *option, const char *value, size_t length, struct leash_options *out,
                       struct complaints *complaints)
{
    char *text = strndup(value, length);
    if (!text)
        complain(complaints, "no memory for option \"%s\": it is left out", option->name);
    else if (!*text || !read_value(option, text, out))
        complain(complaints, "option \"%s\" has a bad value \"%.100s\": %s", option->name, text,
                 expected_text[option->kind]);
    free(text);
}

static bool is_inspectors(const char *text)
{
    return strncmp(text, INSPECTORS, strlen(INSPECTORS)) == 0;
}

/* Reads one name=value and returns what follows. */
static const char *take_option(const char *text, struct leash_options *out, struct complaints *complaints)
{
    size_t name_length = strcspn(text, SEPARATORS "=");
    const struct option *option = option_find(text, name_length);
    int shown = (int)(name_length < 100 ? name_length : 100);
    const char *value;
    size_t length;
    if (text[name_length] != '=') {
        if (!is_inspectors(text))
            complain(complaints, "\"%.*s\" has no value: name=value expected", shown, text);
        return text + name_length;
    }
    const char *rest = value_end(text + name_length + 1, &value, &length);
    if (is_inspectors(text))
        return rest ? rest + strcspn(rest, SEPARATORS) : "";
    if (!option)
        complain(complaints, "\"%.*s\" is no option; the options are:%s", shown, text, known_names);
    else if (!rest)
        complain(complaints, "option \"%s\" has a quote that is never closed", option->name);
    else if (*rest && !strchr(SEPARATORS, *rest))
        complain(complaints, "option \"%s\" has something behind its closing quote", option->name);
    else
        take_value(option, value, length, out, complaints);
    return rest ? rest + strcspn(rest, SEPARATORS) : "";
}

int leash__options_parse(const char *text, struct leash_options *out, leash__options_complain_fn *complain_fn,
                         void *argument)
{
    struct complaints complaints = {complain_fn, argument, 0};
    text += strspn(text, SEPARATORS);
    while (*text) {
        text = take_option(text, out, &complaints);
        text += strspn(text, SEPARATORS);
    }
    return complaints.count;
}
