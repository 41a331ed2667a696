/* Shared by the files of the chrome-trace format. */
#ifndef LEASH_INSPECTOR_CHROME_H
#define LEASH_INSPECTOR_CHROME_H

#include "buffer.h"
#include "chrome_track.h"
#include "export_private.h"

/* The track of what belongs to no task. */
#define CHROME_RUN_TRACK 0

/* From when to when a task is shown: of a length that an arrow can begin in. */
void chrome_life(const struct export_run *run, struct trace_query *row, int created, int began, int ended,
                 int64_t *from_ns, int64_t *to_ns);

/* chrome_marks.c: points in time, failures, cancellations and findings, on the tracks of their subjects. */
void chrome_marks(struct export_run *run, struct emit *emit);
/* chrome_steps.c: which task ran on which thread; nothing below level steps. */
void chrome_steps(struct export_run *run, struct chrome_track *track);

#endif
