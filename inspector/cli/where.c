#include "where.h"
#include "escape.h"
#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define SHOWN_BEFORE 70 /* bytes of a long filter around the place where it is wrong */
#define SHOWN_AFTER  30

/* The filter again, or the part of it that a line has room for, and a caret below the place where it is wrong. */
static void point_at(const char *text, size_t at)
{
    struct buffer before = {0}, whole = {0};
    size_t begin = at > SHOWN_BEFORE ? at - SHOWN_BEFORE : 0, end = at + strnlen(text + at, SHOWN_AFTER);
    while (begin < at && utf8_goes_on(text[begin]))
        begin++;
    while (utf8_goes_on(text[end]))
        end++;
    buffer_add(&before, begin ? "..." : "");
    escape_add(&before, text + begin, at - begin, false);
    buffer_add(&whole, buffer_text(&before));
    escape_add(&whole, text + at, end - at, false);
    buffer_add(&whole, text[end] ? "..." : "");
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
