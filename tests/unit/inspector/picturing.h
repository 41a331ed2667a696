/* Trees and timelines of traces that are made of SQL text, for tests. */
#ifndef LEASH_TEST_PICTURING_H
#define LEASH_TEST_PICTURING_H

#include "picture.h"
#include "reporting.h"
#include "trace.h"

/* The trace of a fixture, opened. `sql` NULL: tests/unit/inspector/waits.sql. */
struct trace *picturing_open(struct fixture *fixture, const char *sql);
/* A forest of it; asserts that there is one. */
void picturing_forest(struct trace *trace, int64_t at_ns, const struct model_forest_options *options,
                      struct model_forest *out);
/* The row of that label, or NULL. */
const struct model_row *picturing_row(const struct model_forest *forest, const char *label);
/* As `leash tree` prints it; to be freed. */
char *picturing_text(const struct model_forest *forest, const struct report_format *format,
                     const struct report_options *wanted);

#endif
