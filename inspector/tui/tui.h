/* What every view needs of the program around it. */
#ifndef LEASH_INSPECTOR_TUI_H
#define LEASH_INSPECTOR_TUI_H

#include "palette.h"
#include "source.h"
#include "trace.h"
#include "verdict.h"
#include "worker.h"

#include <stdint.h>

/* The forms of a time: as `:set time=` calls them, and in words. A key goes through them up to DELTA. */
#define TUI_TIMES(TIME)                                                                                                \
    TIME(RELATIVE, "rel", "since the trace began")                                                                     \
    TIME(ABSOLUTE, "abs", "of the day")                                                                                \
    TIME(DELTA, "delta", "since the row above, in a list")                                                             \
    TIME(UNIX, "unix", "in seconds since 1970")
#define TIME(symbol, name, words) TUI_TIME_##symbol,
enum tui_time { TUI_TIMES(TIME) TUI_TIMES_COUNT };
#undef TIME

struct tui {
    struct trace *trace;
    struct worker *worker;           /* NULL until tui_worker() was called */
    struct model_snapshot *snapshot; /* judged; another one after a reload */
    struct model_verdict verdict;
    const struct model_policy *policy;
    const struct source_options *source;
    bool ascii;
    enum tui_time time;
    int64_t at_ns; /* the instant that awaits, timeline and events look at; MODEL_NEVER: the end */
    bool show_suppressed;
    bool follow;             /* of a live trace: what is new is shown as it comes */
    bool paused;             /* ... but not now: the user looks at something further up */
    struct follow *follower; /* NULL: nobody looks whether there is something new */
    bool no_clock;           /* nothing that depends on how fast we are is shown: scripts, tests */
    char message[256];       /* in the status row until the next key; escaped when drawn */
    enum role message_role;
    struct subject *subject; /* subject.c's: what was read of one */
    bool redraw;             /* wanted: set by what runs outside of a handler */
};

/* What the trace is called on the screen: its path without the folder. Valid until the trace is replaced. */
const char *tui_trace_name(const struct tui *tui);
/* The thread for what takes longer than a key may; NULL: there is none, and why was said. */
struct worker *tui_worker(struct tui *tui);
/* The picture has changed: for done() of a job. */
void tui_redraw(struct tui *tui);

/* Tells the user something, in the status row. */
void tui_say(struct tui *tui, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* An instant as the user wants it: "+1.204s", "22:13:21.204" of the day, or "1700000001.204". Texts of MODEL_TIME_TEXT
 * bytes. */
const char *tui_time_text(const struct tui *tui, int64_t ns, char *text);
/* The same in a column, below a row that has the instant `above`; MODEL_NEVER: there is none. "+1.204s", or "203ms" as
 * a delta. */
const char *tui_time_below(const struct tui *tui, int64_t ns, int64_t above, char *text);
/* How wide a column must be to show it; 0: as it is. */
int tui_time_width(const struct tui *tui);
/* "abs"; "of the day" */
const char *tui_time_name(enum tui_time time);
const char *tui_time_words(enum tui_time time);
/* "src/pool.c:57", relative to the folders of source code; "?" if not known. At most TUI_SITE_TEXT bytes. */
#define TUI_SITE_TEXT 512
const char *tui_site_text(const struct tui *tui, const struct model_site *site, char *text);

#endif
