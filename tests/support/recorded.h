/* Programs that record, as forked children, and a look into the traces that they leave. */
#ifndef LEASH_RECORDED_H
#define LEASH_RECORDED_H

#include <event.h>
#include <leash/loop.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A folder of the test's own; it becomes the working folder. recorded_cleanup removes it with all that is in it. */
void recorded_setup(void);
void recorded_cleanup(void);

/* Options in force, for a trace at `path`. */
struct leash_options recorded_options(const char *path);

/* Runs `program` in a child, which then calls exit(0). */
pid_t recorded_start(void (*program)(void *argument), void *argument);
/* Waits for it: its exit code, or 128 + the signal that killed it. */
int recorded_wait(pid_t child);
/* Both; standard error is caught: recorded_stderr() shows what it said. */
int recorded_run(void (*program)(void *argument), void *argument);
const char *recorded_stderr(void);

/* The first column of the first row; -1 if there is none or it is NULL, -2 and a line on stderr after an error. */
int64_t recorded_number(const char *path, const char *sql);
/* The same as text, "" if there is none; overwritten by the next call. */
const char *recorded_text(const char *path, const char *sql);
bool recorded_exists(const char *path);

/* What sanitizers make slow is done less often. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RECORDED_SLOW 1
#endif

/* A program that forked while threads ran may begin threads in the child; TSan dies of it. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RECORDED_SLOW 1
#endif
#if __has_feature(thread_sanitizer)
#define RECORDED_SLOW                  1
#define RECORDED_NO_THREADS_AFTER_FORK 1
#endif
#endif
#ifdef __SANITIZE_THREAD__
#define RECORDED_NO_THREADS_AFTER_FORK 1
#endif

/* ---- numbered events: what a thread records is 1, 2, 3, ... `total`, without a hole ---- */

struct recorded_counts {
    uint64_t written[8]; /* a thread each; atomic: the event's slot is written when the count is */
};
/* Shared with children. */
struct recorded_counts *recorded_counts_new(void);
void recorded_counts_free(struct recorded_counts *counts);
uint64_t recorded_counts_sum(const struct recorded_counts *counts);

/* Records the next numbered event of `thread` (0 to 7) and counts it. */
void recorded_event(struct leash__events *events, struct recorded_counts *counts, unsigned thread);
/* Checks what the trace holds of `thread`: none missing, none doubled; all that were counted are there, and at most one
 * more. 0, or a line on stderr and the number of things wrong. */
int recorded_check(const char *path, const struct recorded_counts *counts, unsigned thread);

#endif
