#include "emit.h"
#include "json/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* What comes before a value: a comma, a new line for what stands in an array, a key. */
static void begin_value(struct emit *emit, const char *key)
{
    if (emit->depth) {
        bool *filled = &emit->open[emit->depth - 1].filled;
        if (*filled)
            putc(',', emit->out);
        if (!key || emit->depth == 1)
            putc('\n', emit->out);
        *filled = true;
    }
    if (key)
        fprintf(emit->out, "\"%s\":", key);
}

void emit_open(struct emit *emit, const char *key, char opening)
{
    begin_value(emit, key);
    putc(opening, emit->out);
    emit->open[emit->depth].closing = opening == '{' ? '}' : ']';
    emit->open[emit->depth++].filled = false;
}

void emit_close(struct emit *emit)
{
    emit->depth--;
    if (emit->depth == 0 || emit->open[emit->depth].closing == ']')
        putc('\n', emit->out);
    putc(emit->open[emit->depth].closing, emit->out);
    if (emit->depth == 0)
        putc('\n', emit->out);
}

static bool is_plain(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] < 0x20 || text[i] > 0x7e || text[i] == '"' || text[i] == '\\')
            return false;
    return true;
}

void emit_bytes(struct emit *emit, const char *key, const char *text, size_t length)
{
    begin_value(emit, key);
    if (is_plain(text, length)) {
        putc('"', emit->out);
        fwrite(text, 1, length, emit->out);
        putc('"', emit->out);
        return;
    }
    json_t *words = json_words_of(text, length);
    json_write(emit->out, words);
    json_decref(words);
}

void emit_text(struct emit *emit, const char *key, const char *text)
{
    if (text)
        emit_bytes(emit, key, text, strlen(text));
    else
        emit_null(emit, key);
}

void emit_int(struct emit *emit, const char *key, int64_t value)
{
    begin_value(emit, key);
    bool exact = value >= -EMIT_EXACT && value <= EMIT_EXACT;
    fprintf(emit->out, exact ? "%" PRId64 : "\"%" PRId64 "\"", value);
}

void emit_real(struct emit *emit, const char *key, double value)
{
    begin_value(emit, key);
    if (isfinite(value))
        fprintf(emit->out, "%.17g", value);
    else
        fputs("null", emit->out);
}

void emit_bool(struct emit *emit, const char *key, bool value)
{
    begin_value(emit, key);
    fputs(value ? "true" : "false", emit->out);
}

void emit_null(struct emit *emit, const char *key)
{
    begin_value(emit, key);
    fputs("null", emit->out);
}

void emit_micros(struct emit *emit, const char *key, int64_t ns)
{
    begin_value(emit, key);
    fprintf(emit->out, "%" PRId64 ".%03d", ns / 1000, (int)(ns % 1000));
}
