/* What is wrong in a file that a user wrote, and where. */
#ifndef LEASH_ACCEPT_FAULT_H
#define LEASH_ACCEPT_FAULT_H

#include <stddef.h>

struct accept_fault {
    char place[300];  /* the file; empty: nothing is wrong with a line, `words` says it all */
    int line, column; /* from 1; a column is a byte */
    char words[400];
    char text[200]; /* of the line: what is around the column */
    size_t caret;   /* the byte of `text` to point at */
};

/* A text that is being read, and what it is called. */
struct accept_text {
    const char *place;
    const char *bytes;
    size_t length;
};

/* Notes what is wrong at a byte of the text; -EINVAL. */
int accept_fail(struct accept_fault *fault, const struct accept_text *text, size_t at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Reads a whole file. 0, or negative errno with the reason in `fault`; the caller frees *bytes. */
int accept_read(const char *path, char **bytes, size_t *length, struct accept_fault *fault);
/* Writes a file in one piece: beside it, then in its place, so that nobody ever sees a half of it. 0, or negative errno
 * with the reason in `fault`. */
int accept_write(const char *path, const char *bytes, size_t length, struct accept_fault *fault);

#endif
