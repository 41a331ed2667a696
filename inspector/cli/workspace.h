/* Where the traces of a process tree go while it runs, and where they stay. */
#ifndef LEASH_INSPECTOR_WORKSPACE_H
#define LEASH_INSPECTOR_WORKSPACE_H

#include "check.h"

#include <limits.h>
#include <sys/types.h>

struct workspace {
    char dir[PATH_MAX];          /* of ours; empty: none was made */
    char pattern[PATH_MAX + 64]; /* what LEASH_TRACE is set to */
    const char *keep;            /* -o T.db; NULL: stays in dir */
};

/* Makes the directory: beside `keep`, or among temporary files. 0, or -errno with a message printed. */
int workspace_make(struct workspace *workspace, const char *command, const char *keep);
/* Opens what was written to it, the command's own trace first, then in the order in which processes began. */
void workspace_check(struct workspace *workspace, pid_t first, struct checked *checked,
                     const struct settings *settings);
/* Moves traces to where they are to stay: T.db, T.db.PID. False if one could not be, with a message printed. */
bool workspace_keep(struct workspace *workspace, struct checked *checked);
/* Calls the traces by what recorded them ("shop-123"): they will be removed, and a path would lead nowhere. */
void workspace_name(const struct workspace *workspace, struct checked *checked);
/* Removes the directory, with the traces that are still in it. */
void workspace_remove(struct workspace *workspace);

#endif
