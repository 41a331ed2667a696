#include "model.h"

#include <stdio.h>
#include <string.h>

int64_t model_span(int64_t from, int64_t to)
{
    int64_t span;
    if (from == MODEL_NEVER || to == MODEL_NEVER || __builtin_sub_overflow(to, from, &span))
        return MODEL_NEVER;
    return span;
}

const char *model_error_name(int code)
{
    return code < 0 && code > -4096 ? strerrorname_np(-code) : NULL;
}

const char *model_time_text(int64_t ns, char *text)
{
    if (ns == MODEL_NEVER)
        snprintf(text, MODEL_TIME_TEXT, "?");
    else
        snprintf(text, MODEL_TIME_TEXT, "%+.3fs", (double)ns / 1e9);
    return text;
}

const char *model_duration_text(int64_t ns, char *text)
{
    if (ns == MODEL_NEVER)
        snprintf(text, MODEL_TIME_TEXT, "?");
    else if (ns < 1000000)
        snprintf(text, MODEL_TIME_TEXT, "%.0fus", (double)ns / 1e3);
    else if (ns < 100000000)
        snprintf(text, MODEL_TIME_TEXT, "%.1fms", (double)ns / 1e6);
    else
        snprintf(text, MODEL_TIME_TEXT, "%.3fs", (double)ns / 1e9);
    return text;
}
