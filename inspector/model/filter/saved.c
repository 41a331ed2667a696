#include "saved.h"
#include "alloc.h"
#include "filter.h"
#include "list/list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static struct {
    struct saved_filter *items;
    size_t count, capacity;
} saved_filters;

size_t saved_filter_length(const char *text)
{
    size_t length = 0;
    if (!isalnum((unsigned char)*text))
        return 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '-' || text[length] == '_')
        length++;
    return length;
}

const struct saved_filter *saved_filter_at(size_t index)
{
    return index < saved_filters.count ? &saved_filters.items[index] : NULL;
}

static struct saved_filter *find(const char *name, size_t length)
{
    for (size_t i = 0; i < saved_filters.count; i++) {
        struct saved_filter *saved = &saved_filters.items[i];
        if (strlen(saved->name) == length && memcmp(saved->name, name, length) == 0)
            return saved;
    }
    return NULL;
}

const struct saved_filter *saved_filter_named(const char *name, size_t length)
{
    return find(name, length);
}

static void drop(struct saved_filter *saved)
{
    free(saved->name);
    free(saved->text);
    free(saved->place);
}

void saved_filter_set(const char *name, const char *text, const char *place)
{
    struct saved_filter *saved = find(name, strlen(name));
    if (saved) {
        drop(saved);
    } else {
        X_GROW(saved_filters.items, saved_filters.count, saved_filters.capacity);
        saved = &saved_filters.items[saved_filters.count++];
    }
    *saved = (struct saved_filter){.name = xstrdup(name), .text = xstrdup(text), .place = xstrdup(place)};
}

bool saved_filter_check(const struct saved_filter *saved, struct filter_error *error)
{
    for (size_t i = 0; list_at(i); i++) {
        struct filter_error other;
        struct filter *filter = filter_parse(saved->text, list_at(i)->name, &other);
        bool good = filter != NULL;
        filter_free(filter);
        if (good)
            return true;
        if (i == 0 || other.at > error->at)
            *error = other;
    }
    return false;
}

void saved_filters_forget(void)
{
    for (size_t i = 0; i < saved_filters.count; i++)
        drop(&saved_filters.items[i]);
    free(saved_filters.items);
    memset(&saved_filters, 0, sizeof saved_filters);
}
