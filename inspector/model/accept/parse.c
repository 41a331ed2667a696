/* From the text of a file to entries. */
#include "accept/reader.h"

#include <string.h>

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
        bool blank = reader_is_blank(reader->text->bytes[i]);
        if (!blank)
            buffer_add_bytes(&words, &reader->text->bytes[i], 1);
        else if (i + 1 < end && !reader_is_blank(reader->text->bytes[i + 1]))
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
        return READER_FAIL(reader, begin, "class= is missing (class=* is any)");
    if (!asks)
        return READER_FAIL(reader, end,
                           "what is to match? A glob, or a field like fn= (\"*\" is every finding of the class)");
    if (reader->list->strict && !pattern->reason)
        return READER_FAIL(reader, begin, "reason= is missing (--strict-suppressions)");
    for (size_t i = 0; i < begin; i++)
        line += reader->text->bytes[i] == '\n';
    pattern->text = source_text(reader, begin, end);
    pattern->place = arena_format(&reader->list->memory, "%s:%d", reader->text->place, line);
    return 0;
}

static int read_line(struct reader *reader)
{
    size_t begin = reader->at, end = begin;
    while (end < reader->text->length && !reader_is_blank(reader->text->bytes[end]) && reader->text->bytes[end] != ':')
        end++;
    if (end == reader->text->length || reader->text->bytes[end] != ':')
        return READER_FAIL(reader, begin, "an entry is a class, a colon and what to match: never-awaited:flush_cache");
    int rc = reader_classes(reader, begin, end);
    reader->at = end + 1;
    reader_skip_blanks(reader);
    if (rc == 0 && !reader_at_stop(reader) && !reader_key_length(reader)) {
        rc = reader_value(reader, "the class");
        reader->pattern->any = rc == 0 ? free_glob(reader) : NULL;
    }
    while (rc == 0 && !reader_at_stop(reader))
        rc = reader_key(reader);
    return rc < 0 ? rc : finish_entry(reader, begin, reader->at);
}

static int read_block(struct reader *reader)
{
    size_t begin = reader->at++;
    int rc = 0;
    reader->block = true;
    while (rc == 0) {
        reader_skip_blanks(reader);
        if (reader_at_end(reader))
            return READER_FAIL(reader, begin, "this block is never closed: '}' is missing");
        if (reader_peek(reader) == '}')
            break;
        if (reader_peek(reader) == '\n')
            reader->at++;
        else if (reader_peek(reader) == '#')
            reader_skip_line(reader);
        else if (reader_key_length(reader))
            rc = reader_key(reader);
        else
            rc = READER_FAIL(reader, reader->at, "a field like fn=, or '}', belongs here");
    }
    reader->at += rc == 0;
    reader->block = false;
    rc = rc < 0 ? rc : finish_entry(reader, begin, reader->at);
    reader_skip_blanks(reader);
    return rc < 0 || reader_at_stop(reader) ? rc
                                            : READER_FAIL(reader, reader->at, "nothing but a comment may follow '}'");
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
    int rc = reader_word(reader);
    if (rc == 0 && strcmp(buffer_text(&reader->value), "1") != 0)
        rc =
            READER_FAIL(reader, length, "version %.20s of the format; this build reads 1", buffer_text(&reader->value));
    reader_skip_line(reader);
    return rc;
}

int suppressions_parse(struct suppressions *list, const struct accept_text *text, struct accept_fault *fault)
{
    struct reader reader = {.list = list, .text = text, .fault = fault};
    size_t before = list->count;
    int rc = check_header(&reader);
    while (rc == 0 && !reader_at_end(&reader)) {
        reader_skip_blanks(&reader);
        if (reader_peek(&reader) == '\n') {
            reader.at++;
            continue;
        }
        if (reader_peek(&reader) == '#') {
            reader_skip_line(&reader);
            continue;
        }
        reader.pattern = suppressions_add(list, FROM_FILE);
        reader.has_class = false;
        rc = reader_peek(&reader) == '{' ? read_block(&reader) : read_line(&reader);
    }
    if (rc < 0)
        list->count = before;
    buffer_free(&reader.value);
    return rc;
}
