/* A whole trace in the words of another tool: one function a format.
 *
 *   chrome-trace  Perfetto, chrome://tracing     chrome*.c
 *   dot           Graphviz                       dot.c
 *   folded        flame graphs                   folded.c
 *   json          jq, scripts                    document.c
 *
 * Rows are read and written one by one, so that the memory taken does not grow with the trace. */
#ifndef LEASH_INSPECTOR_EXPORT_H
#define LEASH_INSPECTOR_EXPORT_H

#include "model.h"

#include <stdio.h>

struct filter;
struct trace;

/* What the numbers of a flame graph are. */
enum export_weight { EXPORT_WAIT, EXPORT_LIFE, EXPORT_COUNT };

struct export_job {
    struct trace *trace;
    FILE *out;
    const struct filter *filter; /* of the list "tasks": only these, and what they did; NULL: all. Not dot */
    enum export_weight weight;   /* folded */
    int64_t limit;               /* dot: nodes; 0 or less: the default */
    char note[200];              /* what was left out, and why; empty: nothing */
    char failure[512];           /* why it failed */
};

struct export_format {
    const char *name;
    const char *summary;
    bool filters; /* heeds job->filter */
    int (*write)(struct export_job *job);
};

/* NULL: no such format. */
const struct export_format *export_format_named(const char *name);
/* NULL after the last. */
const struct export_format *export_format_at(size_t index);
/* 0; or -EIO with job->failure: the trace could not be read to its end. Whether `out` took it is for the caller to ask.
 */
int export_write(const struct export_format *format, struct export_job *job);

#endif
