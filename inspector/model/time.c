#include "model.h"

#include <stdio.h>

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
