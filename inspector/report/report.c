#include "report.h"

#include <string.h>

static const struct report_format *const formats[] = {&report_text,  &report_json,  &report_jsonl,
                                                      &report_csv,   &report_md,    &report_github,
                                                      &report_sarif, &report_junit, NULL};

const struct report_format *report_format_at(size_t index)
{
    return formats[index];
}

const struct report_format *report_format_named(const char *name)
{
    for (size_t i = 0; formats[i]; i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

bool report_makes(const struct report_format *format, enum report_kind kind)
{
    return kind == REPORT_OWN || (kind == REPORT_CHECK && format->check) || (kind == REPORT_DETAIL && format->detail) ||
           (kind == REPORT_TABLE && format->table);
}

void report_formats(struct buffer *out, enum report_kind kind)
{
    const struct report_format *last = NULL;
    for (size_t i = 0; formats[i]; i++) {
        if (!report_makes(formats[i], kind))
            continue;
        if (last)
            buffer_format(out, "%s%s", out->length ? ", " : "", last->name);
        last = formats[i];
    }
    if (last)
        buffer_format(out, "%s%s", out->length ? " and " : "", last->name);
}

const char *report_ending(enum model_ending ending)
{
    static const char *const names[] = {[MODEL_COMPLETE] = "complete",
                                        [MODEL_EXITED] = "exited",
                                        [MODEL_CRASHED] = "crashed",
                                        [MODEL_LIVE] = "live",
                                        [MODEL_UNFINISHED] = "unfinished"};
    return names[ending];
}
