/* When tasks ran, and what that leaves of the loop's time and of the queue of those that are ready. */
#include "alloc.h"
#include "timeline/paint.h"

#include <stdlib.h>

/* Time by column: what lies partly in one, and how much more lies in each from some on. */
struct tally {
    const struct model_window *window;
    double *part, *whole; /* nanoseconds; columns */
};

static struct tally tally_begin(const struct model_window *window)
{
    return (struct tally){window, xcalloc(window->columns + 1, sizeof(double)),
                          xcalloc(window->columns + 1, sizeof(double))};
}

static void tally_end(struct tally *tally)
{
    free(tally->part);
    free(tally->whole);
}

static void tally_add(struct tally *tally, struct span span, double times)
{
    const struct model_window *window = tally->window;
    if (!span_is_seen(window, span))
        return;
    int64_t from = span.from_ns > window->from_ns ? span.from_ns : window->from_ns;
    int64_t to = span.to_ns != MODEL_NEVER && span.to_ns < window->to_ns ? span.to_ns : window->to_ns;
    unsigned first = model_time_column(window, from), last = model_time_column(window, to);
    if (first == last) {
        tally->part[first] += times * ((double)to - (double)from);
        return;
    }
    tally->part[first] += times * ((double)model_column_time(window, first + 1) - (double)from);
    tally->part[last] += times * ((double)to - (double)model_column_time(window, last));
    tally->whole[first + 1] += times;
    tally->whole[last] -= times;
}

/* How many times its own length a column holds, one column after the other; `sum` begins at 0. */
static double tally_next(const struct tally *tally, unsigned column, double *sum)
{
    const struct model_window *window = tally->window;
    double length = (double)model_column_time(window, column + 1) - (double)model_column_time(window, column);
    *sum += tally->whole[column];
    return *sum + (length > 0 ? tally->part[column] / length : 0);
}

static void read_spans(struct loader *loader, const char *sql, struct tally *tally, double times)
{
    struct trace_query *row = loader_prepare(loader, sql);
    if (row) {
        trace_bind(row, 1, tally->window->from_ns);
        trace_bind(row, 2, tally->window->to_ns);
    }
    while (loader_next(loader, row))
        tally_add(tally, (struct span){loader_time(row, 0), loader_time(row, 1)}, times);
    trace_finish(row);
}

static void read_steps(struct loader *loader, struct canvas *canvas, struct tally *busy)
{
    struct trace_query *row = loader_prepare(loader, "SELECT task_id, began_ns, ended_ns FROM step"
                                                     " WHERE began_ns < ?2 AND (ended_ns IS NULL OR ended_ns >= ?1)");
    if (row) {
        trace_bind(row, 1, canvas->window->from_ns);
        trace_bind(row, 2, canvas->window->to_ns);
    }
    while (loader_next(loader, row)) {
        struct span span = {loader_time(row, 1), loader_time(row, 2)};
        uint32_t lane = refmap_find(&canvas->lanes, (struct model_ref){MODEL_TASK, trace_int(row, 0)});
        if (lane != REFMAP_NONE)
            canvas_paint(canvas, lane, MODEL_LANE_RUNNING, span);
        tally_add(busy, span, 1);
    }
    trace_finish(row);
}

static char busy_glyph(double share)
{
    return share <= 0 ? ' ' : share < 0.1 ? '.' : share < 0.5 ? ':' : share < 0.9 ? '|' : '#';
}

static char count_glyph(double average)
{
    int count = average < 0.05 ? 0 : average > 9 ? 10 : (int)(average + 0.95);
    return count == 0 ? '.' : count > 9 ? '+' : (char)('0' + count);
}

void canvas_paint_steps(struct loader *loader, struct canvas *canvas, char *busy, char *ready)
{
    struct tally ran = tally_begin(canvas->window), idle = tally_begin(canvas->window);
    double ran_sum = 0, idle_sum = 0;
    read_steps(loader, canvas, &ran);
    read_spans(loader,
               "SELECT created_ns, ended_ns FROM task WHERE created_ns < ?2 AND (ended_ns IS NULL OR ended_ns >= ?1)",
               &idle, 1);
    read_spans(loader,
               "SELECT began_ns, ended_ns FROM await WHERE began_ns < ?2 AND (ended_ns IS NULL OR ended_ns >= ?1)",
               &idle, -1);
    for (unsigned column = 0; column < canvas->window->columns; column++) {
        double share = tally_next(&ran, column, &ran_sum);
        busy[column] = busy_glyph(share);
        ready[column] = count_glyph(tally_next(&idle, column, &idle_sum) - share);
    }
    tally_end(&ran);
    tally_end(&idle);
}
