/* Following a program that records: looks at its trace four times a second, loads a new snapshot on the worker's thread
 * when there is something new, and at the end, or when the program was killed, opens the trace once more.
 *
 *   poll(keyboard, worker, follow_timeout()) ──> follow_look() ──> worker: load ──> worker_collect()
 *                                                                        follow_apply() <──┘
 *
 * Nothing is held open between two looks. Without follow_apply() what is shown stays as it is. */
#ifndef LEASH_INSPECTOR_FOLLOW_H
#define LEASH_INSPECTOR_FOLLOW_H

#include "tui.h"

struct follow;

/* What is known of the program now, be it shown or not; without a follower, what the snapshot says. */
struct follow_state {
    enum model_ending ending; /* MODEL_LIVE: it records */
    int64_t now_ns;           /* of the newest event */
    double rate;              /* events a second, lately */
    bool news;                /* there is something to apply */
};

/* Both arguments must outlive it; tui->trace, tui->snapshot and tui->worker are replaced by follow_apply(). A trace
 * that is finished already is never looked at. */
struct follow *follow_new(struct tui *tui, const struct model_load_options *options);
/* Before or after worker_stop(). NULL is fine. */
void follow_free(struct follow *follow);

/* Milliseconds until it wants to look again; -1: never. */
int follow_timeout(const struct follow *follow);
/* Does nothing before it is due. True: what follow_state() tells has changed. */
bool follow_look(struct follow *follow);
struct follow_state follow_state(const struct tui *tui);
/* The user wants it to be shown, or it is the last that there is to show. */
bool follow_wants(const struct follow *follow);
/* Puts the newest snapshot, judged, in the place of the old one. True: reload every view, at once, and then settle:
 * each looks at the row that it was on, which is in the old one. */
bool follow_apply(struct follow *follow);
/* Frees the old one. */
void follow_settle(struct follow *follow);

#endif
