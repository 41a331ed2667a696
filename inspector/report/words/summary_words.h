/* A run in figures, line by line: the same in text and in the terminal interface. Nothing is escaped yet. */
#ifndef LEASH_INSPECTOR_SUMMARY_WORDS_H
#define LEASH_INSPECTOR_SUMMARY_WORDS_H

#include "summary.h"
#include "words/words.h"

struct summary_line {
    int64_t count;        /* stands at the right of its column; -1: none */
    const char *what;     /* "tasks" */
    struct buffer result; /* "1204 finished, 1204 joined" */
};

/* Tasks, coroutines, failures, pending, and what else there was. At most SUMMARY_LINES of them, to be freed one by one.
 */
size_t summary_lines(const struct model_summary *summary, struct summary_line *lines);
#define SUMMARY_LINES 10
/* Adds "slowest wait", "longest life", "longest run", "busiest". */
void summary_records(struct words *words, const struct model_summary *summary);
/* "383.1 KiB, 53 events, level lifecycle" */
void summary_size(struct buffer *out, const struct model_summary *summary);

#endif
