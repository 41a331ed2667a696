/* Options as text, in the syntax of the sanitizers. */
#ifndef LEASH_CORE_OPTIONS_TEXT_H
#define LEASH_CORE_OPTIONS_TEXT_H

#include <leash/loop.h>
#include <stdbool.h>

/* Called for each option that is unknown or malformed, with a message of one line. */
typedef void leash__options_complain_fn(const char *message, void *argument);

/* Reads options in the syntax of the sanitizers, name=value separated by ':', ',' or blanks, values in '...' or "..."
 * if need be, into `out`, whose other fields stay as they are. A bad option is complained of and skipped. Returns how
 * many were bad. out->trace is NULL or of an earlier call: a later value frees it; the last one is the caller's. */
int leash__options_parse(const char *text, struct leash_options *out, leash__options_complain_fn *complain,
                         void *argument);

/* Copies a path to *out, whose former text is freed. False: no memory; it stays as it was. */
bool leash__options_path(const char *text, const char **out);

#endif
