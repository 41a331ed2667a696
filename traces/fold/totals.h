/* Numbers kept while folding, so that a large trace opens at once: tables `total` and `top_task`. */
#ifndef LEASH_FOLD_TOTALS_H
#define LEASH_FOLD_TOTALS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
#define LEASH__TOTALS(X)                                                                                               \
    X(events)                                                                                                          \
    X(tasks) X(tasks_done) X(tasks_failed) X(tasks_cancelled) X(coros) X(futures) X(objects) X(awaits) X(cancels)      \
        X(claims) X(failures) X(misuses) X(steps) X(object_ops) X(bad_slots) X(bad_events) X(bad_segments)
/* clang-format on */

struct leash__total_counts {
#define X(name) uint64_t name;
    LEASH__TOTALS(X)
#undef X
};

enum { LEASH__TOP = 32 };
enum leash__top_kind { LEASH__TOP_WAIT, LEASH__TOP_LIFE, LEASH__TOP_KINDS };

/* The tasks with the longest single await, and those that lived longest. Largest first. */
struct leash__top_list {
    struct leash__top {
        uint64_t task_id, value;
    } best[LEASH__TOP];
    unsigned count;
    bool changed; /* since the last commit */
};

struct leash__totals {
    struct leash__total_counts counts;
    struct leash__top_list top[LEASH__TOP_KINDS];
};

void leash__top_consider(struct leash__top_list *list, uint64_t task_id, uint64_t value);
/* SQLite codes. Storing leaves *totals as it is: the caller clears `changed` after COMMIT. */
int leash__totals_store(const struct leash__totals *totals, sqlite3 *db);
int leash__totals_load(struct leash__totals *totals, sqlite3 *db);
void leash__totals_saved(struct leash__totals *totals);

#endif
