/* What a group of findings is called, in one sentence; the same words in every format. */
#ifndef LEASH_INSPECTOR_HEADLINE_H
#define LEASH_INSPECTOR_HEADLINE_H

#include "buffer.h"
#include "model.h"

/* Not yet escaped. */
void headline_add(struct buffer *out, const struct model_group *group);
/* never-awaited:coro=flush_cache */
void headline_add_suppression(struct buffer *out, const struct model_group *group);
/* task #77 "audit_log"; coroutine `flush_cache` */
void headline_add_subject(struct buffer *out, const struct model_subject *subject);

#endif
