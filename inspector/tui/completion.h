/* Completing a word with Tab. */
#ifndef LEASH_INSPECTOR_COMPLETION_H
#define LEASH_INSPECTOR_COMPLETION_H

#include "prompt.h"
#include "tui.h"

/* Set word and length; the rest zero. */
struct completion {
    const char *word; /* as far as it was typed: `length` bytes of it */
    size_t length;
    struct buffer common; /* what all that fits has in common behind that */
    struct buffer names;  /* what fits, each with a blank before and behind it */
    size_t count;
};

void completion_offer(struct completion *completion, const char *name);
/* Types what is known now, and says what it may become if that is not one thing. Frees what was collected. */
void completion_take(struct completion *completion, struct prompt *prompt, struct tui *tui);

#endif
