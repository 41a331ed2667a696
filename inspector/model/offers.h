/* Words out of a trace that somebody may be about to type. What cannot be read is not offered. */
#ifndef LEASH_INSPECTOR_OFFERS_H
#define LEASH_INSPECTOR_OFFERS_H

struct trace;

/* `word` may hold anything that a trace may; `meaning` may be NULL. Both are valid during the call. */
typedef void model_offer(void *argument, const char *word, const char *meaning);

/* Ids that begin as `typed` does ("#3", "c1", "f"), a few hundred at most: with nothing or only '#' before a digit,
 * tasks. */
void model_offer_ids(struct trace *trace, const char *typed, model_offer *offer, void *argument);
/* "src/pool.c:57" that begin so */
void model_offer_sites(struct trace *trace, const char *typed, model_offer *offer, void *argument);
/* Classes that something was found of. */
void model_offer_classes(struct trace *trace, const char *typed, model_offer *offer, void *argument);

#endif
