/* Times and columns. What is in a trace may be any number: nothing here overflows. */
#include "timeline/timeline.h"
#include "loader.h"

#include <errno.h>
#include <stdio.h>

__extension__ typedef __int128 wide;

static const struct {
    char glyph;
    const char *words;
} cells[] = {
#define X(name, glyph, words) [MODEL_LANE_##name] = {glyph, words},
    MODEL_CELLS(X)
#undef X
};

char model_lane_glyph(enum model_lane_state state)
{
    return cells[state].glyph;
}

const char *model_lane_words(enum model_lane_state state)
{
    return cells[state].words;
}

int64_t model_column_time(const struct model_window *window, unsigned column)
{
    wide span = (wide)window->to_ns - window->from_ns;
    return (int64_t)(window->from_ns + span * column / window->columns);
}

unsigned model_time_column(const struct model_window *window, int64_t at_ns)
{
    if (at_ns <= window->from_ns)
        return 0;
    if (at_ns >= window->to_ns)
        return window->columns - 1;
    wide span = (wide)window->to_ns - window->from_ns;
    return (unsigned)(((wide)at_ns - window->from_ns) * window->columns / span);
}

/* As long as `span`, beginning at `from` or as near to that as `all` allows. */
static void place(struct model_window *window, const struct model_window *all, wide from, wide span)
{
    wide longest = (wide)all->to_ns - all->from_ns;
    if (span > longest)
        span = longest;
    if (from + span > all->to_ns)
        from = all->to_ns - span;
    if (from < all->from_ns)
        from = all->from_ns;
    window->from_ns = (int64_t)from;
    window->to_ns = (int64_t)(from + span);
}

void model_window_zoom(struct model_window *window, const struct model_window *all, int64_t about_ns, bool in)
{
    wide span = (wide)window->to_ns - window->from_ns, wanted = in ? span / 2 : span * 2;
    if (wanted < window->columns)
        wanted = span < window->columns ? span : window->columns;
    if (wanted > (wide)all->to_ns - all->from_ns)
        wanted = (wide)all->to_ns - all->from_ns;
    wide before = ((wide)about_ns - window->from_ns) * wanted / span;
    place(window, all, about_ns - before, wanted);
}

int64_t model_window_pan(struct model_window *window, const struct model_window *all, int columns)
{
    int64_t before = window->from_ns;
    wide span = (wide)window->to_ns - window->from_ns;
    place(window, all, before + span * columns / window->columns, span);
    return window->from_ns - before;
}

void model_window_show(struct model_window *window, const struct model_window *all, int64_t at_ns)
{
    wide span = (wide)window->to_ns - window->from_ns;
    if (at_ns < window->from_ns || at_ns > window->to_ns)
        place(window, all, at_ns - span / 2, span);
}

/* The last time in a trace whose run does not tell when it ended. */
static const char last_sql[] = "SELECT max(at) FROM (SELECT max(created_ns) AS at FROM task"
                               " UNION ALL SELECT max(ended_ns) FROM task UNION ALL SELECT max(began_ns) FROM await"
                               " UNION ALL SELECT max(ended_ns) FROM await)";

int64_t load_last(struct loader *loader)
{
    struct trace_query *row = loader_prepare(loader, last_sql);
    int64_t last = loader_next(loader, row) ? loader_time(row, 0) : MODEL_NEVER;
    trace_finish(row);
    return last;
}

int model_timeline_extent(struct trace *trace, int64_t *from_ns, int64_t *to_ns, char *why, size_t room)
{
    struct loader loader = {.trace = trace};
    struct trace_query *row = loader_prepare(&loader, "SELECT ended_ns FROM run ORDER BY id DESC LIMIT 1");
    int64_t last = loader_next(&loader, row) ? loader_time(row, 0) : MODEL_NEVER;
    trace_finish(row);
    if (last == MODEL_NEVER)
        last = load_last(&loader);
    if (loader.failed) {
        snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
        return -EIO;
    }
    *from_ns = 0;
    *to_ns = last > 0 ? last : 1;
    return 0;
}
