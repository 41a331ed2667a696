/* From findings to an exit code. */
#ifndef LEASH_INSPECTOR_VERDICT_H
#define LEASH_INSPECTOR_VERDICT_H

#include "model.h"

enum { EXIT_CLEAN = 0, EXIT_LEAKS = 1, EXIT_TROUBLE = 2, EXIT_INCONCLUSIVE = 3 };

/* What the command line asks for; bits are indexes into model_classes. */
struct model_policy {
    bool fail_on_given;
    uint32_t fail_on, warn;
    bool allow_incomplete;
    size_t max_leaks; /* that many pass */
};

struct model_verdict {
    int code; /* EXIT_ */
    size_t leaks, leak_groups, warnings, warning_groups;
    size_t known, known_groups; /* in the baseline */
    size_t suppressed, suppressed_groups;
};

/* Sets `fails` of every group, sorts them: what fails, warnings, what is in the baseline, what is
 * suppressed; in each by class, then by count. */
struct model_verdict model_judge(struct model_snapshot *snapshot, const struct model_policy *policy);
/* A finished trace from which nothing is missing. */
bool model_is_whole(const struct model_snapshot *snapshot);
/* The graver of two exit codes of traces: 2 > 1 > 3 > 0. */
int model_graver(int a, int b);

#endif
