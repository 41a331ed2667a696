/* Shared by the files of export/ and by nobody else. */
#ifndef LEASH_INSPECTOR_EXPORT_PRIVATE_H
#define LEASH_INSPECTOR_EXPORT_PRIVATE_H

#include "export.h"
#include "loader.h"
#include "rows.h"

/* A job under way. */
struct export_run {
    struct export_job *job;
    struct loader loader;
    struct model_run run;
    struct model_rows *rows; /* the tasks that were asked for; NULL: all */
    int64_t end_ns;          /* when the run ended, or the last thing that is known to have happened; 0 or more */
};

int export_chrome(struct export_job *job);
int export_dot(struct export_job *job);
int export_folded(struct export_job *job);
int export_document(struct export_job *job);

/* Reads what every format tells of the run. export_end in any case. */
void export_begin(struct export_run *run, struct export_job *job);
/* Was this task asked for? */
bool export_takes(const struct export_run *run, int64_t task);
/* 0, or -EIO if a question failed, with job->failure. */
int export_end(struct export_run *run);

/* A time of the trace, as far as it lies within the run: 0 ... end_ns. `otherwise` if it is not known. */
int64_t export_time(const struct export_run *run, struct trace_query *row, int column, int64_t otherwise);

/* The name of a task's row: as the program gave it, else its coroutine's. Valid until the next call. */
const char *export_label(struct trace_query *row, int name, int coro);

#endif
