#include "where.h"
#include "escape.h"

#include <errno.h>
#include <inttypes.h>

/* The filter again, and a caret below the place where it is wrong. */
static void point_at(const char *text, size_t at)
{
    struct buffer before = {0}, whole = {0};
    escape_add(&before, text, at, false);
    escape_text(&whole, text, false);
    fprintf(stderr, "  %s\n  %*s^\n", buffer_text(&whole), (int)escape_width(buffer_text(&before)), "");
    buffer_free(&before);
    buffer_free(&whole);
}

int where_read(const struct settings *settings, const char *list, struct filter **out)
{
    struct filter_error error;
    *out = NULL;
    if (!settings->where)
        return 0;
    *out = filter_parse(settings->where, list, &error);
    if (*out)
        return 0;
    complain(settings->command->name, "--where: %s", error.text);
    point_at(settings->where, error.at);
    return -EINVAL;
}

void where_tell_none(const struct settings *settings, struct trace *trace, const char *list,
                     const struct filter *filter)
{
    const char *doubt = filter_doubt(filter);
    complain(settings->command->name, "0 of %" PRId64 " match: %s%s%s", model_list_total(trace, list),
             filter_text(filter), doubt ? "; " : "", doubt ? doubt : "");
}
