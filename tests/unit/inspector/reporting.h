/* Reports as texts, for tests of how they look. */
#ifndef LEASH_TEST_REPORTING_H
#define LEASH_TEST_REPORTING_H

#include "fixture.h"
#include "report.h"

#include <limits.h>

struct shown {
    char *text; /* valid once options.out is closed; to be freed */
    size_t length;
    char root[PATH_MAX];
    char *roots[1];
    struct report_options options;
};
/* A report that is written to `text`, of source code below `root`. */
void show_begin(struct shown *shown, const char *root);
/* The snapshot of a trace that is made of `sql`, named shop.db. */
void reporting_load(struct fixture *fixture, const char *sql, struct model_snapshot *out);
/* The report of one trace in `format`; to be freed. `wanted` (ascii, colour, verbosity) may be NULL. */
char *report(struct fixture *fixture, const char *sql, const struct report_format *format,
             const struct report_options *wanted, const char *root);
/* The same of a snapshot that the test has. */
char *report_of(struct model_snapshot *snapshot, const struct report_format *format,
                const struct report_options *wanted, const char *root);
/* Source code that is older than the trace: src/server.c in the fixture's folder. */
void make_source(struct fixture *fixture);

#endif
