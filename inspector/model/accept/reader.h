/* Shared by the files that make entries of the text of a suppression file; suppress.h is the grammar. Functions that
 * may find fault with the text answer 0, or -EINVAL with the fault noted. */
#ifndef LEASH_ACCEPT_READER_H
#define LEASH_ACCEPT_READER_H

#include "accept/pattern.h"

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

#define READER_FAIL(reader, at, ...) accept_fail((reader)->fault, (reader)->text, (at), __VA_ARGS__)

/* ---- reader.c: characters, words, values ---- */

/* The byte to be read next; at the end of the text a newline. */
int reader_peek(const struct reader *reader);
bool reader_at_end(const struct reader *reader);
bool reader_is_blank(int c);
void reader_skip_blanks(struct reader *reader);
void reader_skip_line(struct reader *reader);
/* The length of the key that begins here ("name="), 0: none does. */
size_t reader_key_length(const struct reader *reader);
/* Is there nothing more on the line, or in the block? */
bool reader_at_stop(const struct reader *reader);
/* Adds a word to reader->value. */
int reader_word(struct reader *reader);
/* Words up to the next key, with the blanks between them, into reader->value. */
int reader_value(struct reader *reader, const char *key);
/* reader->value, to stay as long as the list. */
char *reader_keep(struct reader *reader);

/* ---- keys.c: what is said before an '=' or a ':' ---- */

/* The classes in bytes `begin` to `end` of the text, for reader->pattern. */
int reader_classes(struct reader *reader, size_t begin, size_t end);
/* A key and its value, for reader->pattern. */
int reader_key(struct reader *reader);

#endif
