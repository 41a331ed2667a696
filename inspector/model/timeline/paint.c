#include "timeline/paint.h"

static int64_t end_of(struct span span)
{
    return span.to_ns == MODEL_NEVER ? INT64_MAX : span.to_ns;
}

bool span_is_seen(const struct model_window *window, struct span span)
{
    return span.from_ns != MODEL_NEVER && span.from_ns < window->to_ns && end_of(span) >= window->from_ns &&
           end_of(span) >= span.from_ns;
}

static void add(struct canvas *canvas, uint32_t lane, unsigned column, enum model_lane_state state)
{
    uint8_t *cell = &canvas->cells[(size_t)lane * canvas->window->columns + column];
    if (*cell < state)
        *cell = (uint8_t)state;
}

void canvas_paint(struct canvas *canvas, uint32_t lane, enum model_lane_state state, struct span span)
{
    if (!span_is_seen(canvas->window, span))
        return;
    int64_t end = end_of(span);
    unsigned first = model_time_column(canvas->window, span.from_ns);
    unsigned last = model_time_column(canvas->window, end > span.from_ns ? end - 1 : end);
    for (unsigned column = first; column <= last; column++)
        add(canvas, lane, column, state);
}

void canvas_mark(struct canvas *canvas, uint32_t lane, enum model_lane_state state, int64_t at_ns)
{
    if (at_ns != MODEL_NEVER && at_ns >= canvas->window->from_ns && at_ns <= canvas->window->to_ns)
        add(canvas, lane, model_time_column(canvas->window, at_ns), state);
}
