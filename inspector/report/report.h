/* Reports: one small vtable a format. */
#ifndef LEASH_INSPECTOR_REPORT_H
#define LEASH_INSPECTOR_REPORT_H

#include "buffer.h"
#include "listing.h"
#include "model.h"
#include "show.h"
#include "source.h"
#include "verdict.h"

#include <stdio.h>

/* How it is to look; the same for every format. */
struct report_options {
    FILE *out;
    bool colour, ascii;
    int verbosity; /* -1: only the verdict; 0; 1: all there is */
    int leak_code; /* the exit code that stands for leaks: --exit-code */
    size_t max_leaks;
    enum model_clock clock; /* of texts */
    struct source_options source;
};

/* One trace that was checked. */
struct report_trace {
    const char *path;
    const struct model_snapshot *snapshot; /* NULL: it could not be opened, `trouble` tells why */
    const char *trouble;
    struct model_verdict verdict; /* code EXIT_TROUBLE without a snapshot */
};

/* What a subcommand makes. */
enum report_kind { REPORT_OWN, /* it looks at the format itself */ REPORT_CHECK, REPORT_DETAIL, REPORT_TABLE };

/* A member is NULL where the format makes no sense for it. */
struct report_format {
    const char *name;
    void (*check)(const struct report_options *options, const struct report_trace *traces, size_t count, int code);
    void (*detail)(const struct report_options *options, const struct model_detail *detail);
    /* 0, or -EIO: the rows could not all be read (model_table_failure), what could be is printed. */
    int (*table)(const struct report_options *options, struct model_table *table);
};
extern const struct report_format report_text, report_json, report_jsonl, report_csv, report_md, report_github,
    report_sarif, report_junit;

/* NULL: no such format. */
const struct report_format *report_format_named(const char *name);
/* NULL after the last. */
const struct report_format *report_format_at(size_t index);
bool report_makes(const struct report_format *format, enum report_kind kind);
/* "text, json and csv": those that make it. */
void report_formats(struct buffer *out, enum report_kind kind);

/* "complete", "exited", "crashed", "live", "unfinished" */
const char *report_ending(enum model_ending ending);

#endif
