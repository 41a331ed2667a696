/* Filters that have a name: `@slow` in a filter stands for one, as if it were there in parentheses. They are set from
 * the configuration before the first filter is parsed and stay as they are then, so threads may read them. */
#ifndef LEASH_INSPECTOR_FILTER_SAVED_H
#define LEASH_INSPECTOR_FILTER_SAVED_H

#include <stdbool.h>
#include <stddef.h>

struct filter_error;

struct saved_filter {
    char *name, *text;
    char *place; /* where it is written: ".leash.conf:3" */
};

/* How long the name is that `text` begins with: letters, digits, - and _; 0: none. */
size_t saved_filter_length(const char *text);
/* Replaces one of the same name. The texts are copied; `name` must be one as a whole. */
void saved_filter_set(const char *name, const char *text, const char *place);
/* In the order in which they were set; NULL after the last. */
const struct saved_filter *saved_filter_at(size_t index);
/* NULL: there is none. */
const struct saved_filter *saved_filter_named(const char *name, size_t length);
/* Is it right for at least one list? Else `error` tells what is wrong with it for the list that it suits best. */
bool saved_filter_check(const struct saved_filter *saved, struct filter_error *error);
void saved_filters_forget(void);

#endif
