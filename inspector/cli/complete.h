/* What may be typed at a place of a command line: for completions of shells.
 *
 * The answer is text, a line each: the whole word, and after a tab what it means. Words come from the tables of
 * commands and flags, and out of the trace that the line names; one that a terminal could not show as it is, is left
 * out. A line that begins with ':' asks the shell: ":files" and ":folders" to offer those too, ":open" to add no blank
 * behind a word. */
#ifndef LEASH_INSPECTOR_COMPLETE_H
#define LEASH_INSPECTOR_COMPLETE_H

#include "command.h"

/* The line `words` (leash first), with the cursor at the end of words[index]. Silent whatever is wrong. */
void complete_line(FILE *out, char **words, size_t count, size_t index);

#endif
