/* The parts of a detail that several views share. */
#ifndef LEASH_INSPECTOR_DETAIL_H
#define LEASH_INSPECTOR_DETAIL_H

#include "view.h"
#include "words/words.h"

/* A subject, as `leash show` tells it. Of a tab that says nothing of it there are no lines. */
void detail_subject(struct tui *tui, struct model_ref ref, enum detail_tab tab, struct detail *out);

/* All that is known of a subject, as JSON. */
void detail_json(struct tui *tui, struct model_ref ref, struct lines *out);
/* Lines that were made for reports, with their labels. */
void detail_words(const struct words *words, struct lines *out);
/* The line of code at a site and `around` lines before and behind it. */
void detail_source(struct tui *tui, const struct model_site *site, int around, struct lines *out);
/* The stack of its creation, and that where it stood. */
void detail_stacks(struct tui *tui, const struct model_subject *subject, struct lines *out);
void detail_chain(struct tui *tui, const struct model_chain *chain, struct lines *out);
/* A text of several lines. */
void detail_text(const char *text, struct lines *out);

#endif
