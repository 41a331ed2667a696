#include "assign.h"
#include "alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_one_of(const char *word, const char *const *words)
{
    while (*words && strcmp(word, *words) != 0)
        words++;
    return *words;
}

/* The value of a flag that takes none. */
static bool read_switch(const char *value, bool *off)
{
    static const char *const yes[] = {"yes", "true", "on", NULL}, *const no[] = {"no", "false", "off", NULL};
    *off = value && is_one_of(value, no);
    return !value || *off || is_one_of(value, yes);
}

int assign(struct assignments *assignments, const struct settings *settings, const struct assignment *wanted)
{
    const struct flag *flag = wanted->flag;
    struct assignment item = *wanted;
    char name[64];
    snprintf(name, sizeof name, flag->name ? "--%s" : "-%.1s", flag->name ? flag->name : &flag->letter);
    if (flag->argument && !item.value) {
        complain(settings->command->name, "%s needs a value: %s %s", name, name, flag->argument);
        return -EINVAL;
    }
    if (!flag->argument && !read_switch(item.value, &item.off)) {
        complain(settings->command->name, "%s takes no value but yes or no", name);
        return -EINVAL;
    }
    X_GROW(assignments->items, assignments->count, assignments->capacity);
    assignments->items[assignments->count++] = item;
    return 0;
}

void assignments_append(struct assignments *assignments, const struct assignments *more)
{
    for (size_t i = 0; i < more->count; i++) {
        X_GROW(assignments->items, assignments->count, assignments->capacity);
        assignments->items[assignments->count++] = more->items[i];
    }
}

/* Does a later one take its place? */
static bool is_replaced(const struct assignments *assignments, size_t index)
{
    const struct assignment *item = &assignments->items[index];
    for (size_t i = index + 1; i < assignments->count; i++) {
        const struct assignment *later = &assignments->items[i];
        if (later->flag == item->flag && (later->layer != item->layer || !(item->flag->takes & FLAG_REPEATS)))
            return true;
    }
    return false;
}

static int apply(const struct assignments *assignments, struct settings *settings, bool first)
{
    int rc = 0;
    for (size_t i = 0; i < assignments->count && rc == 0; i++) {
        const struct assignment *item = &assignments->items[i];
        bool among = (bool)(item->flag->takes & FLAG_FIRST) == first;
        if (!among || item->off || is_replaced(assignments, i))
            continue;
        complain_at(item->place);
        rc = item->flag->set(settings, item->flag->argument ? item->value : NULL);
    }
    complain_at(NULL);
    return rc;
}

int assignments_apply(const struct assignments *assignments, struct settings *settings)
{
    int rc = apply(assignments, settings, true);
    return rc < 0 ? rc : apply(assignments, settings, false);
}

void assignments_free(struct assignments *assignments)
{
    free(assignments->items);
    *assignments = (struct assignments){0};
}
