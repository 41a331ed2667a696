/* JSON, written while it is made. ASCII only: what is beyond it is told by \u escapes, so that nothing steers a
 * terminal; what is no UTF-8 is told as \xNN. `key` is NULL inside an array. */
#ifndef LEASH_INSPECTOR_EMIT_H
#define LEASH_INSPECTOR_EMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define EMIT_DEPTH 8
/* What a double holds exactly; integers beyond become strings, since many readers keep no more. */
#define EMIT_EXACT ((int64_t)1 << 53)

struct emit {
    FILE *out;
    unsigned depth;
    struct {
        char closing; /* '}' or ']' */
        bool filled;
    } open[EMIT_DEPTH];
};

/* `opening` is '{' or '['. */
void emit_open(struct emit *emit, const char *key, char opening);
/* The innermost that is open. */
void emit_close(struct emit *emit);

void emit_text(struct emit *emit, const char *key, const char *text); /* NULL: null */
void emit_bytes(struct emit *emit, const char *key, const char *text, size_t length);
void emit_int(struct emit *emit, const char *key, int64_t value);
void emit_real(struct emit *emit, const char *key, double value); /* null unless it is finite */
void emit_bool(struct emit *emit, const char *key, bool value);
void emit_null(struct emit *emit, const char *key);
/* Nanoseconds, 0 or more, as microseconds with three decimals: exact. */
void emit_micros(struct emit *emit, const char *key, int64_t ns);

#endif
