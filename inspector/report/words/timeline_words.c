#include "words/timeline_words.h"

#include <inttypes.h>

#define INDENTS_MAX 6

/* How many figures after the point it takes to tell a length of time. */
static int decimals_of(double length)
{
    int decimals = 0;
    for (double unit = 1e9; decimals < 9 && unit > length * 1.001; unit /= 10)
        decimals++;
    return decimals;
}

static double column_of(const struct model_window *window)
{
    return ((double)window->to_ns - (double)window->from_ns) / window->columns;
}

/* Nanoseconds as seconds, rounded. */
static void add_seconds(struct buffer *out, int64_t ns, int decimals)
{
    uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns, unit = 1;
    for (int i = decimals; i < 9; i++)
        unit *= 10;
    uint64_t units = size / unit + (size % unit >= unit / 2 + unit % 2), whole = 1000000000 / unit;
    if (unit == 1)
        units = size;
    buffer_format(out, "%s%" PRIu64, ns < 0 && units ? "-" : "", units / whole);
    if (decimals)
        buffer_format(out, ".%0*" PRIu64, decimals, units % whole);
}

void timeline_instant(struct buffer *out, const struct model_window *window, int64_t at_ns)
{
    int decimals = decimals_of(column_of(window));
    if (at_ns >= 0)
        buffer_add(out, "+");
    add_seconds(out, at_ns, decimals < 3 ? 3 : decimals);
    buffer_add(out, "s");
}

void timeline_title(struct buffer *out, const struct model_window *window)
{
    char text[MODEL_TIME_TEXT];
    double length = column_of(window);
    timeline_instant(out, window, window->from_ns);
    buffer_add(out, " .. ");
    timeline_instant(out, window, window->to_ns);
    if (length < 1000)
        buffer_format(out, "  %.0fns/col", length);
    else
        buffer_format(out, "  %s/col", model_duration_text(length < 9e18 ? (int64_t)length : INT64_MAX, text));
}

/* As many as tell ticks apart exactly enough, without zeros that all of them would end in. */
static int tick_decimals(const struct model_window *window)
{
    int decimals = decimals_of(column_of(window) * TIMELINE_TICK);
    int64_t unit = 1000000000;
    for (int i = 0; i < decimals; i++)
        unit /= 10;
    int64_t tick = model_column_time(window, TIMELINE_TICK < window->columns ? TIMELINE_TICK : window->columns);
    bool exact = window->from_ns % unit == 0 && (tick - window->from_ns) % unit == 0;
    return exact || decimals == 9 ? decimals : decimals + 1;
}

void timeline_labels(struct buffer *out, const struct model_window *window)
{
    struct buffer label = {0};
    int decimals = tick_decimals(window);
    size_t at = 0;
    for (unsigned column = 0; column < window->columns; column += TIMELINE_TICK) {
        buffer_clear(&label);
        add_seconds(&label, model_column_time(window, column), decimals);
        bool fits = at <= column && column + label.length <= window->columns;
        if (!fits)
            continue;
        buffer_pad(out, column - at, ' ');
        buffer_add(out, buffer_text(&label));
        at = column + label.length + 1;
        if (at <= window->columns)
            buffer_add(out, " ");
    }
    buffer_free(&label);
}

void timeline_ticks(struct buffer *out, const struct model_window *window)
{
    for (unsigned column = 0; column < window->columns; column++)
        buffer_add(out, column % TIMELINE_TICK ? "-" : "+");
}

void timeline_legend(struct buffer *out)
{
    static const enum model_lane_state told[] = {MODEL_LANE_READY,  MODEL_LANE_RUNNING,  MODEL_LANE_WAITING,
                                                 MODEL_LANE_LOCKED, MODEL_LANE_LOST,     MODEL_LANE_DONE,
                                                 MODEL_LANE_FAILED, MODEL_LANE_CANCELLED};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        buffer_format(out, "%c %s  ", model_lane_glyph(told[i]), model_lane_words(told[i]));
    buffer_format(out, "%c %c %s", model_lane_glyph(MODEL_LANE_BEFORE), model_lane_glyph(MODEL_LANE_AFTER),
                  model_lane_words(MODEL_LANE_AFTER));
}

void timeline_name(struct buffer *out, const struct model_lane *lane)
{
    buffer_pad(out, (size_t)(lane->depth < INDENTS_MAX ? lane->depth : INDENTS_MAX) * 2, ' ');
    buffer_format(out, "%s %s", lane->children ? "v" : " ", lane->label);
}
