/* Shared by repair.c and rebuild.c. */
#ifndef LEASH_INSPECTOR_REBUILD_H
#define LEASH_INSPECTOR_REBUILD_H

#include "repair.h"
#include "trace_private.h"

#include <limits.h>

struct repair_job {
    const char *path, *into;
    char dir[PATH_MAX];       /* of ours, beside `into`: the work is done in it */
    char copy[PATH_MAX + 16]; /* of the old trace, with its -wal and its spool */
    char made[PATH_MAX + 16]; /* the new one, where the copy itself will not do */
    struct repair *out;
    struct trace_error *error;
};

/* Makes job->made of what can be read of job->copy, page by page. 0, or -errno with a message. */
int repair_rebuild(struct repair_job *job);

/* A spool was left beside the old trace. */
bool repair_has_spool(const struct repair_job *job);

void repair_add_reason(struct repair *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Makes one file of it, without a -wal. */
int repair_settle(sqlite3 *db);

#endif
