#include "accept/reader.h"

int reader_peek(const struct reader *reader)
{
    return reader->at < reader->text->length ? (unsigned char)reader->text->bytes[reader->at] : '\n';
}

bool reader_at_end(const struct reader *reader)
{
    return reader->at >= reader->text->length;
}

bool reader_is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void reader_skip_blanks(struct reader *reader)
{
    while (reader_peek(reader) == ' ' || reader_peek(reader) == '\t' || reader_peek(reader) == '\r')
        reader->at++;
}

void reader_skip_line(struct reader *reader)
{
    while (!reader_at_end(reader) && reader_peek(reader) != '\n')
        reader->at++;
}

static bool is_word(int c)
{
    return (c >= 'a' && c <= 'z') || c == '-';
}

size_t reader_key_length(const struct reader *reader)
{
    size_t end = reader->at;
    while (end < reader->text->length && is_word(reader->text->bytes[end]))
        end++;
    return end < reader->text->length && end > reader->at && reader->text->bytes[end] == '=' ? end - reader->at : 0;
}

/* A '#' right behind what was read is part of it: issue=#214. */
bool reader_at_stop(const struct reader *reader)
{
    int c = reader_peek(reader);
    bool begins = reader->at == 0 || reader_is_blank(reader->text->bytes[reader->at - 1]);
    return c == '\n' || (c == '#' && begins) || (reader->block && c == '}');
}

/* What stands between quotation marks; backslashes stay, for the glob. */
static int read_quoted(struct reader *reader)
{
    size_t begin = reader->at++;
    while (reader_peek(reader) != '"') {
        if (reader_peek(reader) == '\n')
            return READER_FAIL(reader, begin, "the quotation mark is never closed");
        if (reader_peek(reader) == '\0')
            return READER_FAIL(reader, reader->at, "a NUL byte: this is no text");
        if (reader_peek(reader) == '\\' && reader->at + 1 < reader->text->length &&
            reader->text->bytes[reader->at + 1] != '\n')
            buffer_add_bytes(&reader->value, &reader->text->bytes[reader->at++], 1);
        buffer_add_bytes(&reader->value, &reader->text->bytes[reader->at++], 1);
    }
    reader->at++;
    return 0;
}

int reader_word(struct reader *reader)
{
    int rc = 0;
    while (rc == 0 && !reader_is_blank(reader_peek(reader))) {
        bool escape = reader_peek(reader) == '\\' && reader->at + 1 < reader->text->length &&
                      !reader_is_blank(reader->text->bytes[reader->at + 1]);
        if (reader_peek(reader) == '"') {
            rc = read_quoted(reader);
        } else if (reader_peek(reader) == '\0') {
            rc = READER_FAIL(reader, reader->at, "a NUL byte: this is no text");
        } else {
            buffer_add_bytes(&reader->value, &reader->text->bytes[reader->at], escape ? 2 : 1);
            reader->at += escape ? 2 : 1;
        }
    }
    return rc;
}

int reader_value(struct reader *reader, const char *key)
{
    buffer_clear(&reader->value);
    reader_skip_blanks(reader);
    size_t begin = reader->at;
    while (!reader_at_stop(reader) && !reader_key_length(reader)) {
        int rc = reader_word(reader);
        if (rc < 0)
            return rc;
        size_t blank = reader->at;
        reader_skip_blanks(reader);
        if (!reader_at_stop(reader) && !reader_key_length(reader))
            buffer_add_bytes(&reader->value, &reader->text->bytes[blank], reader->at - blank);
    }
    return reader->at > begin ? 0 : READER_FAIL(reader, begin, "%s needs a value (\"\" matches what has none)", key);
}

char *reader_keep(struct reader *reader)
{
    return arena_text(&reader->list->memory, buffer_text(&reader->value));
}
