/* A text that grows. */
#ifndef LEASH_INSPECTOR_BUFFER_H
#define LEASH_INSPECTOR_BUFFER_H

#include <stddef.h>

struct buffer {
    char *text; /* always ends with a NUL once something was added; NULL before */
    size_t length, capacity;
};

void buffer_add(struct buffer *buffer, const char *text);
void buffer_add_bytes(struct buffer *buffer, const char *bytes, size_t length);
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_pad(struct buffer *buffer, size_t count, char fill);
/* Never NULL. */
const char *buffer_text(const struct buffer *buffer);
void buffer_clear(struct buffer *buffer);
void buffer_free(struct buffer *buffer);

#endif
