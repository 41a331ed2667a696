#include "report.h"

#include <string.h>

static const struct report_format *const formats[] = {&report_text, &report_json, NULL};

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

const char *report_ending(enum model_ending ending)
{
    static const char *const names[] = {[MODEL_COMPLETE] = "complete",
                                        [MODEL_EXITED] = "exited",
                                        [MODEL_CRASHED] = "crashed",
                                        [MODEL_LIVE] = "live",
                                        [MODEL_UNFINISHED] = "unfinished"};
    return names[ending];
}
