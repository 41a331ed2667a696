/* The verdict on a trace in words, as reports for people end with it. Not yet escaped. */
#ifndef LEASH_INSPECTOR_VERDICT_WORDS_H
#define LEASH_INSPECTOR_VERDICT_WORDS_H

#include "buffer.h"
#include "report.h"

/* "9 leaks in 5 groups (2 deadlock, 7 never-awaited)"; "No leaks. ..." */
void verdict_leaks(struct buffer *out, const struct report_options *options, const struct report_trace *trace);
/* "4 warnings, 2 suppressed (list: -v), 0 in the baseline; 1204 tasks, 4.812s, trace complete" */
void verdict_facts(struct buffer *out, const struct report_trace *trace);
/* Why nothing can be concluded, and what to do about it; only for EXIT_INCONCLUSIVE. */
void verdict_reason(struct buffer *out, const struct model_snapshot *snapshot);
/* "FAILED (exit 1)" */
void verdict_result(struct buffer *out, const struct report_options *options, int code);
/* The first three in one line; why a trace cannot be read. */
void verdict_sentence(struct buffer *out, const struct report_options *options, const struct report_trace *trace);

#endif
