/* Globs: patterns of whole texts.
 *
 *   *      any characters but '/'          ?       one character but '/'
 *   **     any characters                  \c      the character c itself
 *                                          \xNN    a byte */
#ifndef LEASH_INSPECTOR_GLOB_H
#define LEASH_INSPECTOR_GLOB_H

#include "buffer.h"

#include <stdbool.h>

/* In time that grows with the product of both lengths, whatever they hold. */
bool glob_match(const char *glob, const char *text);
/* Adds a glob that matches `text` and nothing else, in plain ASCII; a byte of `special` is escaped as well. */
void glob_quote(struct buffer *out, const char *text, const char *special);

#endif
