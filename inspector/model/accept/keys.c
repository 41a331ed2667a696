/* What each key of a suppression means. */
#include "accept/reader.h"
#include "suggest.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define X(field, name) [FIELD_##field] = (name),
const char *const accept_field_names[FIELDS] = {ACCEPT_FIELDS(X)};
#undef X

/* One class of a list, at `at` of the text. */
static int add_class(struct reader *reader, const char *name, size_t length, size_t at)
{
    char word[64];
    struct suggestion near;
    snprintf(word, sizeof word, "%.*s", length < sizeof word ? (int)length : (int)sizeof word - 1, name);
    if (strcmp(word, "*") == 0) {
        reader->pattern->classes = UINT32_MAX;
        return 0;
    }
    int class = model_class_index(word);
    if (class >= 0) {
        reader->pattern->classes |= 1u << class;
        return 0;
    }
    suggest_begin(&near, word);
    for (size_t i = 0; i < model_classes_count; i++)
        suggest_offer(&near, model_classes[i].name);
    if (near.best)
        return READER_FAIL(reader, at, "there is no class \"%s\"; did you mean \"%s\"?", word, near.best);
    return READER_FAIL(reader, at, "there is no class \"%s\" (`leash check -h` names them)", word);
}

int reader_classes(struct reader *reader, size_t begin, size_t end)
{
    const char *text = reader->text->bytes;
    reader->has_class = true;
    for (size_t at = begin, stop; at <= end; at = stop + 1) {
        for (stop = at; stop < end && text[stop] != ',';)
            stop++;
        size_t from = at, to = stop;
        while (from < to && reader_is_blank(text[from]))
            from++;
        while (to > from && reader_is_blank(text[to - 1]))
            to--;
        int rc = add_class(reader, text + from, to - from, from);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int set_max(struct reader *reader, size_t at)
{
    const char *value = buffer_text(&reader->value);
    char *end;
    errno = 0;
    unsigned long most = strtoul(value, &end, 10);
    if (errno || *end || *value < '0' || *value > '9' || most == 0 || most > INT_MAX)
        return READER_FAIL(reader, at, "max= takes a number from 1, not \"%s\"", value);
    reader->pattern->max = most;
    return 0;
}

static int set_until(struct reader *reader, size_t at)
{
    const char *value = buffer_text(&reader->value);
    int year, month, day, length = 0;
    struct tm date = {0}, same;
    bool plain = strlen(value) == 10 && strspn(value, "0123456789-") == 10;
    if (plain && sscanf(value, "%4d-%2d-%2d%n", &year, &month, &day, &length) == 3 && length == 10) {
        date = (struct tm){.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
        time_t begin = timegm(&date);
        gmtime_r(&begin, &same);
        if (year >= 1970 && same.tm_mon == month - 1 && same.tm_mday == day) {
            reader->pattern->until = (int64_t)begin + 24 * 3600;
            return 0;
        }
    }
    return READER_FAIL(reader, at, "until= takes a day like 2027-01-31, not \"%s\"", value);
}

static int set_reason(struct reader *reader, size_t at)
{
    (void)at;
    reader->pattern->reason = reader_keep(reader);
    return 0;
}

static int set_issue(struct reader *reader, size_t at)
{
    (void)reader, (void)at;
    return 0; /* for people only */
}

static int set_class(struct reader *reader, size_t at)
{
    size_t end = reader->at;
    while (end > at && reader_is_blank(reader->text->bytes[end - 1]))
        end--;
    return reader_classes(reader, at, end);
}

static const struct setting {
    const char *name;
    int (*set)(struct reader *reader, size_t at); /* from reader->value, which began at `at` */
    bool block_only;
} settings[] = {{"class", set_class, true},
                {"max", set_max, false},
                {"until", set_until, false},
                {"reason", set_reason, false},
                {"issue", set_issue, false}};
#define SETTINGS (sizeof settings / sizeof *settings)

static int unknown_key(struct reader *reader, const char *key, size_t at)
{
    struct suggestion near;
    suggest_begin(&near, key);
    for (size_t i = 0; i < FIELDS; i++)
        suggest_offer(&near, accept_field_names[i]);
    for (size_t i = 0; i < SETTINGS; i++)
        suggest_offer(&near, settings[i].name);
    if (!reader->block && strcmp(key, "class") == 0)
        return READER_FAIL(reader, at, "class= belongs into a block { }; here the class stands before the colon");
    if (near.best)
        return READER_FAIL(reader, at, "there is no field \"%s\"; did you mean \"%s\"?", key, near.best);
    return READER_FAIL(reader, at, "there is no field \"%s\" (quote it if it is part of a value)", key);
}

/* F < G < ...: each without the blanks around it. */
static void take_stack_apart(struct reader *reader, const char *value)
{
    size_t count = 1, next = 0;
    for (const char *at = value; *at; at++)
        count += *at == '<';
    const char **parts = arena_alloc(&reader->list->memory, count + 1, sizeof *parts);
    for (const char *at = value; at;) {
        const char *end = at;
        while (*end && *end != '<')
            end += *end == '\\' && end[1] ? 2 : 1;
        const char *from = at + strspn(at, " \t"), *to = end;
        while (to > from && reader_is_blank(to[-1]) && !(to - from > 1 && to[-2] == '\\'))
            to--;
        parts[next++] = arena_format(&reader->list->memory, "%.*s", (int)(to - from), from);
        at = *end ? end + 1 : NULL;
    }
    reader->pattern->stack = parts;
}

/* '^' and '$' are the ends that a field's glob has anyhow. A file is matched from any '/' on, but for '^'. */
static const char *field_glob(struct reader *reader, enum accept_field field)
{
    const char *value = buffer_text(&reader->value);
    size_t length = strlen(value);
    bool tied = *value == '^';
    if (field == FIELD_STACK)
        return reader_keep(reader);
    if (length && value[length - 1] == '$' && !(length > 1 && value[length - 2] == '\\'))
        length--;
    if (tied && length)
        length--;
    return arena_format(&reader->list->memory, "%s%.*s", field == FIELD_FILE && tied ? "^" : "", (int)length,
                        value + tied);
}

static int set_field(struct reader *reader, enum accept_field field, size_t at)
{
    if (reader->pattern->fields[field])
        return READER_FAIL(reader, at, "%s= stands here a second time", accept_field_names[field]);
    reader->pattern->fields[field] = field_glob(reader, field);
    if (field == FIELD_STACK)
        take_stack_apart(reader, reader->pattern->fields[field]);
    return 0;
}

/* key=value at reader->at. */
int reader_key(struct reader *reader)
{
    char key[32], shown[40];
    size_t length = reader_key_length(reader), at = reader->at;
    snprintf(key, sizeof key, "%.*s", length < sizeof key ? (int)length : (int)sizeof key - 1,
             reader->text->bytes + at);
    snprintf(shown, sizeof shown, "%s=", key);
    int field = -1, setting = -1;
    for (int i = 0; i < FIELDS; i++)
        if (strcmp(key, accept_field_names[i]) == 0)
            field = i;
    for (size_t i = 0; i < SETTINGS; i++)
        if (strcmp(key, settings[i].name) == 0 && (reader->block || !settings[i].block_only))
            setting = (int)i;
    if (field < 0 && setting < 0)
        return unknown_key(reader, key, at);
    reader->at += length + 1;
    reader_skip_blanks(reader);
    size_t value = reader->at;
    int rc = reader_value(reader, shown);
    if (rc < 0)
        return rc;
    return field >= 0 ? set_field(reader, (enum accept_field)field, at) : settings[setting].set(reader, value);
}
