#include "tui.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

const char *tui_trace_name(const struct tui *tui)
{
    const char *path = trace_path(tui->trace), *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

struct worker *tui_worker(struct tui *tui)
{
    struct trace_error error;
    if (!tui->worker && worker_start(tui->trace, &tui->worker, &error) < 0)
        tui_say(tui, ROLE_ERROR, "%s", error.text);
    return tui->worker;
}

void tui_redraw(struct tui *tui)
{
    tui->redraw = true;
}

void tui_say(struct tui *tui, enum role role, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(tui->message, sizeof tui->message, format, args);
    va_end(args);
    tui->message_role = role;
    tui->redraw = true;
}

static const char *clock_text(const struct tui *tui, int64_t ns, char *text)
{
    int64_t began = tui->snapshot->run.began_unix_ns, at;
    struct tm parts;
    if (__builtin_add_overflow(began, ns, &at))
        return model_time_text(ns, text);
    time_t seconds = (time_t)(at / 1000000000);
    int ms = (int)(at % 1000000000 / 1000000);
    if (at >= 0 && tui->time == TUI_TIME_UNIX) {
        snprintf(text, MODEL_TIME_TEXT, "%lld.%03d", (long long)seconds, ms);
        return text;
    }
    if (at < 0 || !localtime_r(&seconds, &parts))
        return model_time_text(ns, text);
    snprintf(text, MODEL_TIME_TEXT, "%02d:%02d:%02d.%03d", parts.tm_hour, parts.tm_min, parts.tm_sec, ms);
    return text;
}

const char *tui_time_text(const struct tui *tui, int64_t ns, char *text)
{
    bool clock = tui->time == TUI_TIME_ABSOLUTE || tui->time == TUI_TIME_UNIX;
    return clock && ns != MODEL_NEVER ? clock_text(tui, ns, text) : model_time_text(ns, text);
}

const char *tui_time_below(const struct tui *tui, int64_t ns, int64_t above, char *text)
{
    char span[MODEL_TIME_TEXT];
    bool before = ns < above; /* the rows are in another order */
    int64_t delta = before ? model_span(ns, above) : model_span(above, ns);
    if (tui->time != TUI_TIME_DELTA || ns == MODEL_NEVER || above == MODEL_NEVER || delta == MODEL_NEVER)
        return tui_time_text(tui, ns, text);
    model_duration_text(delta, span);
    snprintf(text, MODEL_TIME_TEXT, "%s%.*s", before ? "-" : "", MODEL_TIME_TEXT - 2, span);
    return text;
}

int tui_time_width(const struct tui *tui)
{
    return tui->time == TUI_TIME_ABSOLUTE ? 12 : tui->time == TUI_TIME_UNIX ? 14 : 0;
}

const char *tui_time_name(enum tui_time time)
{
#define TIME(symbol, name, words) [TUI_TIME_##symbol] = (name),
    static const char *const names[] = {TUI_TIMES(TIME)};
#undef TIME
    return names[time];
}

const char *tui_time_words(enum tui_time time)
{
#define TIME(symbol, name, words) [TUI_TIME_##symbol] = (words),
    static const char *const all[] = {TUI_TIMES(TIME)};
#undef TIME
    return all[time];
}

const char *tui_site_text(const struct tui *tui, const struct model_site *site, char *text)
{
    if (site->file)
        snprintf(text, TUI_SITE_TEXT, "%s:%d", source_relative(tui->source, site->file), site->line);
    else
        snprintf(text, TUI_SITE_TEXT, "?");
    return text;
}
