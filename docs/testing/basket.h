/* What is tested: a basket whose total is asked of a slow till. */
#ifndef BASKET_H
#define BASKET_H

#include <leash.h>

struct basket {
    int prices[8], count;
};

static inline int ask_till(void *arg)
{
    const struct basket *basket = (const struct basket *)arg;
    int total = 0, rc = leash_sleep(0.05);
    for (int i = 0; i < basket->count; i++)
        total += basket->prices[i];
    return rc < 0 ? rc : total;
}

static inline int basket_total(struct basket *basket)
{
    return leash_await(leash_coro(ask_till, basket), NULL);
}

/* Forgets the till that it asks, and is quicker for it. */
static inline int basket_guess(struct basket *basket)
{
    leash_task_t asked = leash_create_task(leash_coro(ask_till, basket));
    (void)asked;
    return basket->count * 5;
}

#endif
