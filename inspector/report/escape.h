/* Texts of a trace on their way to a terminal: nothing in them may move the cursor, change the colour or turn the
 * direction of writing. */
#ifndef LEASH_INSPECTOR_ESCAPE_H
#define LEASH_INSPECTOR_ESCAPE_H

#include "buffer.h"

#include <stdbool.h>

/* Control bytes, what is no UTF-8, and what steers the direction of text become \xNN or \uNNNN; with `ascii` so does
 * everything beyond ASCII. */
void escape_add(struct buffer *out, const char *text, size_t length, bool ascii);
void escape_text(struct buffer *out, const char *text, bool ascii);
/* Columns that an escaped text takes: a character each. */
size_t escape_width(const char *text);

#endif
