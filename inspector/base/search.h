/* What a user looks for in a text: a word in it, a glob over all of it, a path's end, a regular expression.
 *
 * Letters match in both cases unless the pattern has a capital one. Whatever pattern and text are, matching takes time
 * that is bounded: of a text that is longer than SEARCH_TEXT_MAX only the beginning is looked at. */
#ifndef LEASH_INSPECTOR_SEARCH_H
#define LEASH_INSPECTOR_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#define SEARCH_MAX      256 /* bytes of a pattern */
#define SEARCH_TEXT_MAX 4096

enum search_kind {
    SEARCH_WORD, /* stands somewhere in the text */
    SEARCH_GLOB, /* * any characters, ? one character: the whole text */
    SEARCH_PATH, /* a glob over a path or its end from a '/' on, with or without a ":line" behind: pool.c, src/p*:57 */
    SEARCH_REGEX /* POSIX extended, anywhere in the text; without back references, repetitions bounded */
};

struct search;

/* NULL: a wrong expression or one that is too long, with the reason in `why`. */
struct search *search_new(enum search_kind kind, const char *text, char *why, size_t room);
bool search_matches(const struct search *search, const char *text);
void search_free(struct search *search); /* NULL is fine */

#endif
