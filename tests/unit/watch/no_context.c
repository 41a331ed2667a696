#include <context.h>
__thread struct leash__context *leash__context_running;
void leash__stacks_ranges(const struct leash__stacks *s, leash__range_fn *fn, void *a)
{
    (void)s;
    (void)fn;
    (void)a;
}
void leash__context_live(const struct leash__context *c, const char **l, const char **h)
{
    (void)c;
    *l = *h = 0;
}
void leash__context_bounds(const struct leash__context *c, const char **l, const char **h)
{
    (void)c;
    *l = *h = 0;
}
