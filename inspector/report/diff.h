/* What changed between two traces, in the formats that have pictures. */
#ifndef LEASH_INSPECTOR_REPORT_DIFF_H
#define LEASH_INSPECTOR_REPORT_DIFF_H

#include "accept/diff.h"
#include "report.h"

struct diff_report {
    const struct model_snapshot *before, *now;
    const struct model_diff *diff;
    int code;
};

void diff_text(const struct report_options *options, const struct diff_report *report);
void diff_json(const struct report_options *options, const struct diff_report *report);

#endif
