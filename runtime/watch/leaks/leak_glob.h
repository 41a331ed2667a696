/* Globs of leash-suppressions(5): patterns of whole texts.
 *
 *   *      any characters but '/'          ?       one character but '/'
 *   **     any characters                  \c      the character c itself
 *                                          \xNN    a byte */
#ifndef LEASH_WATCH_LEAK_GLOB_H
#define LEASH_WATCH_LEAK_GLOB_H

#include <stdbool.h>

/* A part of a text. */
struct leash__part {
    const char *at, *end;
};

/* In time that grows with the product of both lengths, whatever they hold. */
bool leash__glob_matches(struct leash__part glob, const char *text);

#endif
