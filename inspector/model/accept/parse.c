/* From the text of a file to entries; suppress.h is the grammar. */
#include "accept/pattern.h"
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

struct reader {
    struct suppressions *list;
    const struct accept_text *text;
    size_t at;
    bool block; /* inside { } */
    struct accept_fault *fault;
    struct pattern *pattern;
    bool has_class;
    struct buffer value; /* of the last key */
};

#define FAIL(reader, at, ...) accept_fail((reader)->fault, (reader)->text, (at), __VA_ARGS__)

/* ---- characters and words ---- */

static int peek(const struct reader *reader)
{
    return reader->at < reader->text->length ? (unsigned char)reader->text->bytes[reader->at] : '\n';
}

static bool at_end(const struct reader *reader)
{
    return reader->at >= reader->text->length;
}

static bool is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_blanks(struct reader *reader)
{
    while (peek(reader) == ' ' || peek(reader) == '\t' || peek(reader) == '\r')
        reader->at++;
}

static void skip_line(struct reader *reader)
{
    while (!at_end(reader) && peek(reader) != '\n')
        reader->at++;
}

static bool is_word(int c)
{
    return (c >= 'a' && c <= 'z') || c == '-';
}

/* The length of the key that begins here, 0: none does. */
static size_t key_length(const struct reader *reader)
{
    size_t end = reader->at;
    while (end < reader->text->length && is_word(reader->text->bytes[end]))
        end++;
    return end < reader->text->length && end > reader->at && reader->text->bytes[end] == '=' ? end - reader->at : 0;
}

/* Is there nothing more on the line? A '#' right behind what was read is part of it: issue=#214. */
static bool at_stop(const struct reader *reader)
{
    int c = peek(reader);
    bool begins = reader->at == 0 || is_blank(reader->text->bytes[reader->at - 1]);
    return c == '\n' || (c == '#' && begins) || (reader->block && c == '}');
}

/* What stands between quotation marks; backslashes stay, for the glob. */
static int read_quoted(struct reader *reader)
{
    size_t begin = reader->at++;
    while (peek(reader) != '"') {
        if (peek(reader) == '\n')
            return FAIL(reader, begin, "the quotation mark is never closed");
        if (peek(reader) == '\\' && reader->at + 1 < reader->text->length &&
            reader->text->bytes[reader->at + 1] != '\n')
            buffer_add_bytes(&reader->value, &reader->text->bytes[reader->at++], 1);
        buffer_add_bytes(&reader->value, &reader->text->bytes[reader->at++], 1);
    }
    reader->at++;
    return 0;
}

static int read_word(struct reader *reader)
{
    int rc = 0;
    while (rc == 0 && !is_blank(peek(reader))) {
        bool escape = peek(reader) == '\\' && reader->at + 1 < reader->text->length &&
                      !is_blank(reader->text->bytes[reader->at + 1]);
        if (peek(reader) == '"') {
            rc = read_quoted(reader);
        } else if (peek(reader) == '\0') {
            rc = FAIL(reader, reader->at, "a NUL byte: this is no text");
        } else {
            buffer_add_bytes(&reader->value, &reader->text->bytes[reader->at], escape ? 2 : 1);
            reader->at += escape ? 2 : 1;
        }
    }
    return rc;
}

/* Words up to the next key, with the blanks between them; into reader->value. */
static int read_value(struct reader *reader, const char *key)
{
    buffer_clear(&reader->value);
    skip_blanks(reader);
    size_t begin = reader->at;
    while (!at_stop(reader) && !key_length(reader)) {
        int rc = read_word(reader);
        if (rc < 0)
            return rc;
        size_t blank = reader->at;
        skip_blanks(reader);
        if (!at_stop(reader) && !key_length(reader))
            buffer_add_bytes(&reader->value, &reader->text->bytes[blank], reader->at - blank);
    }
    return reader->at > begin ? 0 : FAIL(reader, begin, "%s needs a value (\"\" matches what has none)", key);
}

static char *keep(struct reader *reader)
{
    return arena_text(&reader->list->memory, buffer_text(&reader->value));
}

/* ---- what a key means ---- */

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
        return FAIL(reader, at, "there is no class \"%s\"; did you mean \"%s\"?", word, near.best);
    return FAIL(reader, at, "there is no class \"%s\" (`leash check -h` names them)", word);
}

static int set_classes(struct reader *reader, size_t begin, size_t end)
{
    const char *text = reader->text->bytes;
    reader->has_class = true;
    for (size_t at = begin, stop; at <= end; at = stop + 1) {
        for (stop = at; stop < end && text[stop] != ',';)
            stop++;
        size_t from = at, to = stop;
        while (from < to && is_blank(text[from]))
            from++;
        while (to > from && is_blank(text[to - 1]))
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
        return FAIL(reader, at, "max= takes a number from 1, not \"%s\"", value);
    reader->pattern->max = most;
    return 0;
}

static int set_until(struct reader *reader, size_t at)
{
    const char *value = buffer_text(&reader->value);
    int year, month, day, length = 0;
    struct tm date = {0}, same;
    if (strlen(value) == 10 && sscanf(value, "%4d-%2d-%2d%n", &year, &month, &day, &length) == 3 && length == 10) {
        date = (struct tm){.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
        time_t begin = timegm(&date);
        gmtime_r(&begin, &same);
        if (year >= 1970 && same.tm_mon == month - 1 && same.tm_mday == day) {
            reader->pattern->until = (int64_t)begin + 24 * 3600;
            return 0;
        }
    }
    return FAIL(reader, at, "until= takes a day like 2027-01-31, not \"%s\"", value);
}

static int set_reason(struct reader *reader, size_t at)
{
    (void)at;
    reader->pattern->reason = keep(reader);
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
    while (end > at && is_blank(reader->text->bytes[end - 1]))
        end--;
    return set_classes(reader, at, end);
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
        return FAIL(reader, at, "class= belongs into a block { }; here the class stands before the colon");
    if (near.best)
        return FAIL(reader, at, "there is no field \"%s\"; did you mean \"%s\"?", key, near.best);
    return FAIL(reader, at, "there is no field \"%s\" (quote it if it is part of a value)", key);
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
        while (to > from && is_blank(to[-1]) && !(to - from > 1 && to[-2] == '\\'))
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
        return keep(reader);
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
        return FAIL(reader, at, "%s= stands here a second time", accept_field_names[field]);
    reader->pattern->fields[field] = field_glob(reader, field);
    if (field == FIELD_STACK)
        take_stack_apart(reader, reader->pattern->fields[field]);
    return 0;
}

/* key=value at reader->at. */
static int read_key(struct reader *reader)
{
    char key[32], shown[40];
    size_t length = key_length(reader), at = reader->at;
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
    skip_blanks(reader);
    size_t value = reader->at;
    int rc = read_value(reader, shown);
    if (rc < 0)
        return rc;
    return field >= 0 ? set_field(reader, (enum accept_field)field, at) : settings[setting].set(reader, value);
}

/* ---- entries ---- */

/* "^a*b": anywhere in a text, but for its anchors. */
static const char *free_glob(struct reader *reader)
{
    const char *value = buffer_text(&reader->value);
    size_t length = strlen(value);
    bool begins = *value == '^', ends = length > 1 && value[length - 1] == '$' && value[length - 2] != '\\';
    return arena_format(&reader->list->memory, "%s%.*s%s", begins ? "" : "**",
                        (int)(length - (size_t)begins - (size_t)ends), value + begins, ends ? "" : "**");
}

/* An entry as one line, cut where it is long. */
static const char *source_text(struct reader *reader, size_t begin, size_t end)
{
    struct buffer words = {0};
    for (size_t i = begin; i < end && words.length < 200; i++) {
        bool blank = is_blank(reader->text->bytes[i]);
        if (!blank)
            buffer_add_bytes(&words, &reader->text->bytes[i], 1);
        else if (i + 1 < end && !is_blank(reader->text->bytes[i + 1]))
            buffer_add(&words, " ");
    }
    while (words.length && words.text[words.length - 1] == ' ')
        words.text[--words.length] = '\0';
    const char *text = arena_text(&reader->list->memory, buffer_text(&words));
    buffer_free(&words);
    return text;
}

static int finish_entry(struct reader *reader, size_t begin, size_t end)
{
    struct pattern *pattern = reader->pattern;
    bool asks = pattern->any;
    int line = 1;
    for (size_t i = 0; i < FIELDS; i++)
        asks = asks || pattern->fields[i];
    if (!reader->has_class)
        return FAIL(reader, begin, "class= is missing (class=* is any)");
    if (!asks)
        return FAIL(reader, end, "what is to match? A glob, or a field like fn= (\"*\" is every finding of the class)");
    if (reader->list->strict && !pattern->reason)
        return FAIL(reader, begin, "reason= is missing (--strict-suppressions)");
    for (size_t i = 0; i < begin; i++)
        line += reader->text->bytes[i] == '\n';
    pattern->text = source_text(reader, begin, end);
    pattern->place = arena_format(&reader->list->memory, "%s:%d", reader->text->place, line);
    return 0;
}

static int read_line(struct reader *reader)
{
    size_t begin = reader->at, end = begin;
    while (end < reader->text->length && !is_blank(reader->text->bytes[end]) && reader->text->bytes[end] != ':')
        end++;
    if (end == reader->text->length || reader->text->bytes[end] != ':')
        return FAIL(reader, begin, "an entry is a class, a colon and what to match: never-awaited:flush_cache");
    int rc = set_classes(reader, begin, end);
    reader->at = end + 1;
    skip_blanks(reader);
    if (rc == 0 && !at_stop(reader) && !key_length(reader)) {
        rc = read_value(reader, "the class");
        reader->pattern->any = rc == 0 ? free_glob(reader) : NULL;
    }
    while (rc == 0 && !at_stop(reader))
        rc = read_key(reader);
    return rc < 0 ? rc : finish_entry(reader, begin, reader->at);
}

static int read_block(struct reader *reader)
{
    size_t begin = reader->at++;
    int rc = 0;
    reader->block = true;
    while (rc == 0) {
        skip_blanks(reader);
        if (at_end(reader))
            return FAIL(reader, begin, "this block is never closed: '}' is missing");
        if (peek(reader) == '}')
            break;
        if (peek(reader) == '\n')
            reader->at++;
        else if (peek(reader) == '#')
            skip_line(reader);
        else if (key_length(reader))
            rc = read_key(reader);
        else
            rc = FAIL(reader, reader->at, "a field like fn=, or '}', belongs here");
    }
    reader->at += rc == 0;
    reader->block = false;
    rc = rc < 0 ? rc : finish_entry(reader, begin, reader->at);
    skip_blanks(reader);
    return rc < 0 || at_stop(reader) ? rc : FAIL(reader, reader->at, "nothing but a comment may follow '}'");
}

/* "# leash suppressions 1" on the first line. */
static int check_header(struct reader *reader)
{
    static const char header[] = "# leash suppressions ";
    size_t length = sizeof header - 1;
    if (reader->text->length < length || memcmp(reader->text->bytes, header, length) != 0)
        return 0;
    reader->at = length;
    buffer_clear(&reader->value);
    int rc = read_word(reader);
    if (rc == 0 && strcmp(buffer_text(&reader->value), "1") != 0)
        rc = FAIL(reader, length, "version %.20s of the format; this build reads 1", buffer_text(&reader->value));
    skip_line(reader);
    return rc;
}

int suppressions_parse(struct suppressions *list, const struct accept_text *text, struct accept_fault *fault)
{
    struct reader reader = {.list = list, .text = text, .fault = fault};
    size_t before = list->count;
    int rc = check_header(&reader);
    while (rc == 0 && !at_end(&reader)) {
        skip_blanks(&reader);
        if (peek(&reader) == '\n') {
            reader.at++;
            continue;
        }
        if (peek(&reader) == '#') {
            skip_line(&reader);
            continue;
        }
        reader.pattern = suppressions_add(list, FROM_FILE);
        reader.has_class = false;
        rc = peek(&reader) == '{' ? read_block(&reader) : read_line(&reader);
    }
    if (rc < 0)
        list->count = before;
    buffer_free(&reader.value);
    return rc;
}
