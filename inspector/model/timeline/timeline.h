/* What each task did in a window of time: a lane a task, a cell a column. */
#ifndef LEASH_INSPECTOR_TIMELINE_H
#define LEASH_INSPECTOR_TIMELINE_H

#include "graph/spawn.h"

/* The states a cell can show. Several in one column: the last of this list wins. */
#define MODEL_CELLS(X)                                                                                                 \
    X(NOTHING, ' ', "")                                                                                                \
    X(WAITING, '-', "waiting")                                                                                         \
    X(READY, '=', "ready")                                                                                             \
    X(LOCKED, 'L', "in a lock cycle")                                                                                  \
    X(RUNNING, '#', "running")                                                                                         \
    X(BEFORE, '<', "goes on outside")                                                                                  \
    X(AFTER, '>', "goes on outside")                                                                                   \
    X(LOST, '~', "handle lost")                                                                                        \
    X(DONE, '|', "done")                                                                                               \
    X(FAILED, 'X', "failed")                                                                                           \
    X(CANCELLED, 'C', "cancelled")
enum model_lane_state {
#define X(name, glyph, words) MODEL_LANE_##name,
    MODEL_CELLS(X)
#undef X
        MODEL_LANE_STATES
};
char model_lane_glyph(enum model_lane_state state);
const char *model_lane_words(enum model_lane_state state);

struct model_window {
    int64_t from_ns, to_ns; /* to_ns is after from_ns */
    unsigned columns;       /* MODEL_COLUMNS_MIN to MODEL_COLUMNS_MAX */
};
#define MODEL_COLUMNS_MIN 1 /* what a caller may ask for; a person wants 20 or more */
#define MODEL_COLUMNS_MAX 1000

struct model_lane {
    struct model_ref ref; /* a task's */
    unsigned depth;
    bool children;     /* others were created by it */
    bool leaked;       /* unfinished when its loop stopped */
    const char *label; /* "#31 worker-0" */
    const char *cells; /* glyphs, `columns` of them */
};

struct model_timeline {
    struct model_window window;
    bool steps; /* the trace tells when tasks ran; else they are shown running between their awaits */
    struct model_lane *lanes;
    size_t count;
    const char *busy;  /* how much of each column a task ran: ' ' none, '.' ':' '|' '#' all; NULL without steps */
    const char *ready; /* how many were ready: '1' to '9', '+' more; NULL without steps */
    struct arena *memory;
};

/* From when to when the run lasted: the window that shows all. 0 or -EIO. */
int model_timeline_extent(struct trace *trace, int64_t *from_ns, int64_t *to_ns, char *why, size_t room);
/* Lanes for `count` tasks. 0 or -EIO with the reason in `why`. */
int model_timeline_load(struct trace *trace, const struct model_window *window, const struct model_spawned *tasks,
                        size_t count, struct model_timeline *out, char *why, size_t room);
void model_timeline_free(struct model_timeline *timeline);

/* The time at which a column begins, and the column that shows a time (clamped to the window). */
int64_t model_column_time(const struct model_window *window, unsigned column);
unsigned model_time_column(const struct model_window *window, int64_t at_ns);
/* Shows half as much (in) or twice as much, with `about_ns` in the column where it was; no more than `all`, and no less
 * than a nanosecond a column. */
void model_window_zoom(struct model_window *window, const struct model_window *all, int64_t about_ns, bool in);
/* Moves it by columns, as far as `all` goes; by how many nanoseconds it did. */
int64_t model_window_pan(struct model_window *window, const struct model_window *all, int columns);
/* Moves it as little as it takes to show an instant. */
void model_window_show(struct model_window *window, const struct model_window *all, int64_t at_ns);

/* When something next (or last) happened to a task, seen from `at_ns`. 0; -ENOENT: nothing does; -EIO. */
int model_lane_event(struct trace *trace, int64_t task, int64_t at_ns, bool forward, int64_t *out);

/* What a task did at an instant, and just before and after it. */
struct model_stretch {
    enum model_lane_state state;
    int64_t from_ns, to_ns; /* to_ns MODEL_NEVER: it went on */
    const char *what;       /* "sleep 10.000s"; may be NULL */
    struct model_site site;
};
struct model_moment {
    struct model_stretch stretches[3]; /* state NOTHING: there is none */
    struct arena *memory;
};
int model_lane_moment(struct trace *trace, int64_t task, int64_t at_ns, struct model_moment *out, char *why,
                      size_t room);
void model_moment_free(struct model_moment *moment);

#endif
