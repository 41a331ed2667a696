/* What is known of one task, coroutine, future or object: read by the worker, since a large trace may take its time. */
#ifndef LEASH_INSPECTOR_SUBJECT_H
#define LEASH_INSPECTOR_SUBJECT_H

#include "show.h"
#include "tui.h"

/* NULL: it is being read, or cannot be: then *why is a sentence, else NULL. The answer is valid until the next call
 * with another ref. */
const struct model_detail *subject_get(struct tui *tui, struct model_ref ref, const char **why);
/* After a reload, and at the end: nothing is known any more. */
void subject_forget(struct tui *tui);

#endif
