#include "model.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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

static enum model_clock told_by;
static int64_t zero; /* unix time of the run's beginning, 0: not known */

void model_clock_begin(enum model_clock clock, int64_t began_unix_ns)
{
    told_by = began_unix_ns > 0 ? clock : MODEL_CLOCK_REL;
    zero = began_unix_ns;
}

/* "2026-11-22 14:03:07.204" */
static bool calendar_text(int64_t unix_ns, char *text)
{
    struct tm parts;
    time_t seconds = (time_t)(unix_ns / 1000000000);
    if (!localtime_r(&seconds, &parts))
        return false;
    size_t length = strftime(text, MODEL_TIME_TEXT, "%Y-%m-%d %H:%M:%S", &parts);
    snprintf(text + length, MODEL_TIME_TEXT - length, ".%03d", (int)(unix_ns / 1000000 % 1000));
    return length > 0;
}

const char *model_time_text(int64_t ns, char *text)
{
    int64_t at;
    bool dated = told_by != MODEL_CLOCK_REL && !__builtin_add_overflow(ns, zero, &at) && at >= 0;
    if (ns == MODEL_NEVER)
        snprintf(text, MODEL_TIME_TEXT, "?");
    else if (dated && told_by == MODEL_CLOCK_UNIX)
        snprintf(text, MODEL_TIME_TEXT, "%" PRId64 ".%03d", at / 1000000000, (int)(at / 1000000 % 1000));
    else if (!dated || !calendar_text(at, text))
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
