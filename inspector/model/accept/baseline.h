/* A baseline: the findings that are known, so that only new ones fail. A sorted text, one fingerprint a line, made to
 * be merged by git:
 *
 *   # leash baseline 1
 *   never-awaited 2b90f1c4 count=3 src/server.c on_shutdown
 *   # until the pool is rewritten
 *   pending-at-exit 9f3c21d8 count=2 src/pool.c worker_start
 *
 * class, fingerprint, how many of it one trace may hold; then, for people only, the file and the function in which it
 * was created ('-': not known; a blank is told as '_', what is no plain character as \xNN). A line that begins with '#'
 * is a comment on the entry below it; those that an empty line follows are about the file and stay at its top. A
 * fingerprint that stands there twice, as after a merge, counts with the larger number. */
#ifndef LEASH_ACCEPT_BASELINE_H
#define LEASH_ACCEPT_BASELINE_H

#include "accept/fault.h"
#include "buffer.h"
#include "model.h"

struct baseline;
struct source_options;

struct baseline *baseline_new(void);
void baseline_free(struct baseline *baseline);
/* Adds what a file or a text says. 0, or negative errno with the reason in `fault`; -ENOENT: no such file. */
int baseline_read(struct baseline *baseline, const char *path, struct accept_fault *fault);
int baseline_parse(struct baseline *baseline, const struct accept_text *text, struct accept_fault *fault);
/* Adds what a trace holds: an entry's count is the largest of any trace. `source` may be NULL. */
void baseline_add(struct baseline *baseline, const struct model_snapshot *snapshot,
                  const struct source_options *source);

/* Sets `standing` and `accepted` of a snapshot's groups, and notes what is still there. Not yet judged. */
void baseline_compare(struct baseline *baseline, struct model_snapshot *snapshot);
/* How many entries allow more than any trace held that was compared. */
size_t baseline_fixed(const struct baseline *baseline);

/* As if nothing had been compared. */
void baseline_forget(struct baseline *baseline);

/* What changes a baseline, after traces were compared: */
/* Removes what was not there, lowers counts; how many entries changed. It never adds anything. */
size_t baseline_prune(struct baseline *baseline);
/* Adds or raises one fingerprint to what a snapshot holds of it. False: it holds none. */
bool baseline_accept(struct baseline *baseline, uint32_t fingerprint, const struct model_snapshot *snapshot,
                     const struct source_options *source);
size_t baseline_count(const struct baseline *baseline);
/* The text of the file, and that file, written in one piece. 0, or negative errno with the reason in `fault`. */
void baseline_text(const struct baseline *baseline, struct buffer *out);
int baseline_write(const struct baseline *baseline, const char *path, struct accept_fault *fault);

#endif
