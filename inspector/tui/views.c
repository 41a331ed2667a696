#include "view.h"

#include <string.h>

/* In the order of their digits. */
static const struct view_ops *const views[] = {
    &view_leaks, &view_tasks, &view_awaits, &view_timeline, &view_sites, &view_events, &view_sql,
};
#define VIEWS (sizeof views / sizeof *views)

const struct view_ops *views_at(size_t index)
{
    return index < VIEWS ? views[index] : NULL;
}

const struct view_ops *views_named(const char *name)
{
    for (size_t i = 0; i < VIEWS; i++)
        if (strcmp(views[i]->name, name) == 0)
            return views[i];
    return NULL;
}

const struct view_ops *views_digit(int digit)
{
    for (size_t i = 0; i < VIEWS; i++)
        if (views[i]->digit == digit)
            return views[i];
    return NULL;
}
