/* Shared by the files of the json format. Fields are only ever added. */
#ifndef LEASH_INSPECTOR_JSON_H
#define LEASH_INSPECTOR_JSON_H

#include "report.h"

#include <jansson.h>

/* On one line, without its end. ASCII only: what is beyond it, and control bytes, are told by \u escapes, so that
 * nothing steers a terminal. */
void json_write(FILE *out, const json_t *value);
/* The same as a line; drops the value. */
void json_print(const struct report_options *options, json_t *value);
/* null for NULL; what is no UTF-8 is told as \xNN. */
json_t *json_words(const char *text);
json_t *json_words_of(const char *text, size_t length);
json_t *json_time(int64_t ns);
json_t *json_ref(struct model_ref ref);
json_t *json_site(const struct model_site *site);
json_t *json_stack(const struct model_stack *stack);
json_t *json_chain(const struct model_chain *chain);
json_t *json_wait(const struct model_wait *wait);
json_t *json_subject(const struct model_subject *subject);
/* "TL005"; a user's rule is called by its class. */
const char *json_rule(const char *class);
/* One group: an element of "leaks". */
json_t *json_leak(const struct report_options *options, const struct report_trace *trace,
                  const struct model_group *group);
/* One row of a table, one subject. */
json_t *json_row(struct model_table *table);
json_t *json_subject_detail(const struct model_detail *detail);

void json_check(const struct report_options *options, const struct report_trace *traces, size_t count, int code);
void json_detail(const struct report_options *options, const struct model_detail *detail);
int json_table(const struct report_options *options, struct model_table *table);

#endif
