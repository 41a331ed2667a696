/* --where: a filter from the command line. */
#ifndef LEASH_INSPECTOR_WHERE_H
#define LEASH_INSPECTOR_WHERE_H

#include "command.h"
#include "filter/filter.h"

/* 0, with *out NULL if there is no --where; -EINVAL: it is wrong, and where was told. */
int where_read(const struct settings *settings, const char *list, struct filter **out);
/* Tells on stderr that of all the list's rows none passed. */
void where_tell_none(const struct settings *settings, struct trace *trace, const char *list,
                     const struct filter *filter);

#endif
