/* What is said of a finding, line by line: a label, and words that are the same in every format. Nothing here is
 * escaped yet: each format does that in its own way. */
#ifndef LEASH_INSPECTOR_WORDS_H
#define LEASH_INSPECTOR_WORDS_H

#include "buffer.h"
#include "model.h"
#include "source.h"

enum words_mark { WORDS_PLAIN, WORDS_CAUSE, WORDS_HINT, WORDS_FAINT };

struct words_line {
    const char *label; /* "created by"; the same one may come twice */
    enum words_mark mark;
    struct buffer text;
};

struct words {
    const struct source_options *source; /* for names of files; to be set before anything is added */
    bool all;                            /* the id of every object of a group, not only of the first ones */
    struct words_line *lines;
    size_t count, capacity;
};

/* Adds a line to be filled. Valid until the next one is added. */
struct buffer *words_add(struct words *words, const char *label, enum words_mark mark);
/* One subject: what show tells of it. */
void words_add_created(struct words *words, const struct model_subject *subject);
/* "stopped at", "stood in", "waits for", "await chain" or "cycle". */
void words_add_waiting(struct words *words, const struct model_example *example);
void words_add_failure(struct words *words, const struct model_subject *subject);
/* All lines about one group, in the order to be told. */
void words_add_group(struct words *words, const struct model_snapshot *snapshot, const struct model_group *group);
void words_free(struct words *words);

/* "src/pool.c:57"; "?" if not known. */
void words_site(struct buffer *out, const struct source_options *source, const struct model_site *site);
/* A file as reports name it: without the folder that it lies under. NULL if the site has none. */
const char *words_file(const struct source_options *source, const struct model_site *site);
/* The headline, with what a trace that is still being written makes of it. */
void words_headline(struct buffer *out, const struct model_snapshot *snapshot, const struct model_group *group);
/* "never started": a remark on the marked expression; NULL for most classes. */
const char *words_remark(const struct model_group *group);
/* "by PATTERN (leash.supp:3)"; only for a group that is suppressed. */
void words_suppressed(struct buffer *out, const struct model_group *group);
/* By a comment in the source code, not by a file of suppressions. */
bool words_in_source(const struct model_group *group);
/* "NEW", "GREW 2->5", "KNOWN"; nothing without a baseline. */
void words_standing(struct buffer *out, const struct model_group *group);

/* How a group counts. */
enum words_status { WORDS_ERROR, WORDS_WARNING, WORDS_KNOWN, WORDS_SUPPRESSED, WORDS_STATUSES };
enum words_status words_status_of(const struct model_group *group);
/* "error", "warning", "known", "suppressed" */
const char *words_status(enum words_status status);

#endif
