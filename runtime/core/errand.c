#include "errand.h"

#include <stdio.h>

#include "future.h"

static struct leash__errand *errand_of(struct leash__node *node)
{
    return LEASH__CONTAINER(node, struct leash__errand, node);
}

void leash__errand_begin(struct leash__loop *loop, struct leash__errand *errand)
{
    leash__list_append(&loop->errands, &errand->node);
    loop->in_flight++;
}

void leash__errand_end(struct leash__loop *loop, struct leash__errand *errand)
{
    leash__list_remove(&errand->node);
    loop->in_flight--;
    if (!loop->awaits_errands || !leash__list_empty(&loop->errands))
        return;
    leash__callback_remove(&loop->stop_callback); /* whatever waited for the last one runs before it */
    leash__queue(loop, &loop->stop_callback);
}

void leash__errands_name(const struct leash__loop *loop)
{
    for (struct leash__node *node = loop->errands.next; node != &loop->errands; node = node->next) {
        const struct leash__errand *errand = errand_of(node);
        fprintf(stderr, "leash: thread job %s (%s:%u) did not end after main; given up\n", errand->name,
                errand->site ? errand->site->file : "?", errand->site ? errand->site->line : 0);
    }
}

void leash__errands_abandon(struct leash__loop *loop)
{
    struct leash__node *node;
    while ((node = leash__list_pop(&loop->errands))) {
        loop->in_flight--;
        errand_of(node)->abandon(errand_of(node), loop);
    }
}
