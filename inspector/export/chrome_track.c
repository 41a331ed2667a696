#include "chrome_track.h"

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void emit_place(struct emit *emit, enum chrome_process process, int64_t track)
{
    emit_int(emit, "pid", process);
    emit_int(emit, "tid", track);
}

void chrome_event(struct emit *emit, const char *phase, enum chrome_process process, int64_t track, int64_t at_ns)
{
    emit_open(emit, NULL, '{');
    emit_text(emit, "ph", phase);
    emit_place(emit, process, track);
    emit_micros(emit, "ts", at_ns);
}

void chrome_name(struct emit *emit, enum chrome_process process, int64_t track, const char *what, const char *text)
{
    emit_open(emit, NULL, '{');
    emit_text(emit, "ph", "M");
    emit_place(emit, process, track);
    emit_text(emit, "name", what);
    emit_open(emit, "args", '{');
    emit_text(emit, "name", text);
    emit_close(emit);
    emit_close(emit);
}

static void emit_flow_end(struct emit *emit, const char *phase, enum chrome_process process, int64_t track,
                          int64_t at_ns, int64_t id)
{
    chrome_event(emit, phase, process, track, at_ns);
    emit_text(emit, "cat", "await");
    emit_text(emit, "name", "ended");
    emit_int(emit, "id", id);
    if (*phase == 'f')
        emit_text(emit, "bp", "e"); /* binds to the slice around it, not to the next one */
    emit_close(emit);
}

/* Ends the innermost slice. The arrow's head comes first: it must lie in the slice. */
static void pop(struct chrome_track *track, int64_t at_ns)
{
    track->depth--;
    const struct chrome_flow *flow = &track->open[track->depth].flow;
    track->now_ns = at_ns;
    if (flow->id && flow->from_ns <= at_ns) {
        emit_flow_end(track->emit, "s", CHROME_TASKS, flow->from_track, flow->from_ns, flow->id);
        emit_flow_end(track->emit, "f", track->process, track->id, at_ns, flow->id);
    }
    chrome_event(track->emit, "E", track->process, track->id, at_ns);
    emit_close(track->emit);
}

/* Ends what is over at that time. */
static void advance(struct chrome_track *track, int64_t to_ns)
{
    while (track->depth) {
        int64_t ends = track->open[track->depth - 1].ended_ns;
        bool wait = track->open[track->depth - 1].wait;
        if (ends > to_ns && !wait)
            return;
        pop(track, smaller(ends, to_ns));
    }
}

void chrome_track_open(struct chrome_track *track, enum chrome_process process, int64_t id, const char *name)
{
    track->process = process;
    track->id = id;
    track->now_ns = 0;
    track->depth = 0;
    chrome_name(track->emit, process, id, "thread_name", name);
}

bool chrome_begin(struct chrome_track *track, const struct chrome_slice *slice)
{
    int64_t began = slice->began_ns > track->now_ns ? slice->began_ns : track->now_ns;
    advance(track, began);
    if (track->depth == CHROME_DEPTH) {
        track->too_deep++;
        return false;
    }
    int64_t ended = slice->ended_ns > began ? slice->ended_ns : began;
    if (track->depth)
        ended = smaller(ended, track->open[track->depth - 1].ended_ns);
    track->now_ns = began;
    track->open[track->depth].ended_ns = ended;
    track->open[track->depth].wait = slice->wait;
    track->open[track->depth++].flow = slice->flow;
    chrome_event(track->emit, "B", track->process, track->id, began);
    emit_text(track->emit, "cat", slice->category);
    emit_text(track->emit, "name", slice->name);
    emit_open(track->emit, "args", '{');
    if (slice->unfinished)
        emit_bool(track->emit, "unfinished", true);
    return true;
}

void chrome_begin_done(struct chrome_track *track)
{
    emit_close(track->emit);
    emit_close(track->emit);
}

void chrome_slice(struct chrome_track *track, const struct chrome_slice *slice)
{
    if (chrome_begin(track, slice))
        chrome_begin_done(track);
}

void chrome_track_close(struct chrome_track *track)
{
    while (track->depth)
        pop(track, track->open[track->depth - 1].ended_ns);
}
