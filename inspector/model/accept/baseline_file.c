/* A baseline as text: baseline.h is the format. */
#include "accept/entry.h"
#include "alloc.h"
#include "buffer.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char header[] = "# leash baseline ";

/* ---- reading ---- */

struct reader {
    struct baseline *baseline;
    const struct accept_text *text;
    struct accept_fault *fault;
    struct buffer comment; /* lines that belong to what follows */
};

#define FAIL(reader, at, ...) accept_fail((reader)->fault, (reader)->text, (at), __VA_ARGS__)
#define WORDS                 5

struct word {
    size_t at;
    char text[BASELINE_WORD_MAX + 1];
};

/* The words of a line, at most one more than there should be. False: one is too long or holds a NUL. */
static bool split(const struct reader *reader, size_t begin, size_t end, struct word *words, size_t *count)
{
    const char *bytes = reader->text->bytes;
    *count = 0;
    for (size_t at = begin; *count <= WORDS;) {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r'))
            at++;
        size_t stop = at;
        while (stop < end && bytes[stop] != ' ' && bytes[stop] != '\t' && bytes[stop] != '\r')
            stop++;
        if (stop == at)
            return true;
        struct word *word = &words[(*count)++];
        word->at = at;
        if (stop - at > BASELINE_WORD_MAX || memchr(bytes + at, '\0', stop - at))
            return false;
        memcpy(word->text, bytes + at, stop - at);
        word->text[stop - at] = '\0';
        at = stop;
    }
    return true;
}

static bool read_number(const char *text, int base, unsigned long most, unsigned long *number)
{
    char *end;
    errno = 0;
    *number = strtoul(text, &end, base);
    return *text && strspn(text, base == 16 ? "0123456789abcdef" : "0123456789") == strlen(text) && !errno &&
           *number <= most;
}

static void keep_comment(struct reader *reader, const char **where)
{
    if (reader->comment.length)
        *where = *where ? arena_format(&reader->baseline->memory, "%s%s", *where, reader->comment.text)
                        : arena_text(&reader->baseline->memory, reader->comment.text);
    buffer_clear(&reader->comment);
}

static int read_entry(struct reader *reader, size_t begin, size_t end)
{
    struct word words[WORDS + 1] = {{0}};
    struct arena *memory = &reader->baseline->memory;
    unsigned long fingerprint, count;
    size_t found;
    if (!split(reader, begin, end, words, &found))
        return FAIL(reader, words[found - 1].at, "this word is too long, or no text");
    if (strspn(words[0].text, "<=>|") >= 7)
        return FAIL(reader, begin, "a merge was not finished here: keep the lines of both sides");
    if (found != WORDS)
        return FAIL(reader, begin, "an entry is a class, a fingerprint, count=N, a file and a function");
    if (strlen(words[1].text) != 8 || !read_number(words[1].text, 16, UINT32_MAX, &fingerprint))
        return FAIL(reader, words[1].at, "a fingerprint is 8 digits like 9f3c21d8, not \"%.40s\"", words[1].text);
    if (strncmp(words[2].text, "count=", 6) != 0 || !read_number(words[2].text + 6, 10, INT_MAX, &count) || !count)
        return FAIL(reader, words[2].at, "count=N belongs here, N from 1, not \"%.40s\"", words[2].text);
    struct baseline_entry *entry = baseline_enter(reader->baseline, (uint32_t)fingerprint);
    entry->class = arena_text(memory, words[0].text);
    entry->file = arena_text(memory, words[3].text);
    entry->function = arena_text(memory, words[4].text);
    entry->count = entry->count > count ? entry->count : count;
    keep_comment(reader, &entry->comment);
    return 0;
}

static int read_line(struct reader *reader, size_t begin, size_t end)
{
    const char *bytes = reader->text->bytes;
    size_t at = begin;
    while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r'))
        at++;
    if (at == end) {
        if (reader->baseline->count == 0)
            keep_comment(reader, &reader->baseline->head);
        return 0;
    }
    if (bytes[at] != '#')
        return read_entry(reader, at, end);
    if (memchr(bytes + at, '\0', end - at))
        return FAIL(reader, at, "a NUL byte: this is no text");
    buffer_add_bytes(&reader->comment, bytes + at, end - at);
    buffer_add(&reader->comment, "\n");
    return 0;
}

static size_t line_end(const struct accept_text *text, size_t at)
{
    const char *end = memchr(text->bytes + at, '\n', text->length - at);
    return end ? (size_t)(end - text->bytes) : text->length;
}

static int check_header(struct reader *reader, size_t end)
{
    size_t length = sizeof header - 1;
    if (end < length || memcmp(reader->text->bytes, header, length) != 0)
        return FAIL(reader, 0, "not a baseline: its first line is not \"# leash baseline 1\"");
    while (end > length && reader->text->bytes[end - 1] == '\r')
        end--;
    if (end != length + 1 || reader->text->bytes[length] != '1')
        return FAIL(reader, length, "a newer version of the format; this build reads 1");
    return 0;
}

int baseline_parse(struct baseline *baseline, const struct accept_text *text, struct accept_fault *fault)
{
    struct reader reader = {.baseline = baseline, .text = text, .fault = fault};
    size_t end = text->length ? line_end(text, 0) : 0;
    int rc = check_header(&reader, end);
    for (size_t at = end + 1; rc == 0 && at < text->length; at = end + 1) {
        end = line_end(text, at);
        rc = read_line(&reader, at, end);
    }
    keep_comment(&reader, &baseline->tail);
    buffer_free(&reader.comment);
    return rc;
}

int baseline_read(struct baseline *baseline, const char *path, struct accept_fault *fault)
{
    char *bytes;
    size_t length;
    int rc = accept_read(path, &bytes, &length, fault);
    if (rc < 0)
        return rc;
    rc = baseline_parse(baseline, &(struct accept_text){path, bytes, length}, fault);
    free(bytes);
    return rc;
}

/* ---- writing ---- */

static int by_text(const void *left, const void *right)
{
    const struct baseline_entry *a = *(const struct baseline_entry *const *)left,
                                *b = *(const struct baseline_entry *const *)right;
    int order = strcmp(a->class, b->class);
    return order ? order : (a->fingerprint > b->fingerprint) - (a->fingerprint < b->fingerprint);
}

void baseline_text(const struct baseline *baseline, struct buffer *out)
{
    const struct baseline_entry **sorted = xcalloc(baseline->count + 1, sizeof *sorted);
    for (size_t i = 0; i < baseline->count; i++)
        sorted[i] = &baseline->items[i];
    qsort(sorted, baseline->count, sizeof *sorted, by_text);
    buffer_format(out, "%s1\n", header);
    if (baseline->head)
        buffer_format(out, "%s\n", baseline->head);
    for (size_t i = 0; i < baseline->count; i++)
        buffer_format(out, "%s%s %08x count=%zu %s %s\n", sorted[i]->comment ? sorted[i]->comment : "",
                      sorted[i]->class, sorted[i]->fingerprint, sorted[i]->count, sorted[i]->file, sorted[i]->function);
    buffer_add(out, baseline->tail ? baseline->tail : "");
    free(sorted);
}

int baseline_write(const struct baseline *baseline, const char *path, struct accept_fault *fault)
{
    struct buffer text = {0};
    baseline_text(baseline, &text);
    int rc = accept_write(path, buffer_text(&text), text.length, fault);
    buffer_free(&text);
    return rc;
}
