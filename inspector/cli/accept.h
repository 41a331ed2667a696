/* What the user accepts: suppressions and a baseline, from the flags to the report. */
#ifndef LEASH_INSPECTOR_CLI_ACCEPT_H
#define LEASH_INSPECTOR_CLI_ACCEPT_H

#include "accept/suppress.h"
#include "check.h"

/* Reads what the flags name, and .leash.supp if it is here. 0, or negative errno with a message printed. */
int accept_open(struct settings *settings);
/* What traces are loaded with. */
struct model_load_options accept_options(const struct settings *settings);
/* Before the report: what of the traces is in the baseline. */
void accept_compare(struct settings *settings, struct checked *checked);
/* After it: what the suppressions did, and what was fixed. The exit code, `code` or a graver one. */
int accept_conclude(struct settings *settings, const struct checked *checked, int code);
/* --gen-suppressions: instead of the report. */
void accept_generate(const struct settings *settings, const struct checked *checked);
void accept_close(struct settings *settings);

/* What is wrong in a file that the user wrote, with its line and a mark under it, on stderr. */
void complain_of_fault(const char *command, const struct accept_fault *fault);

#endif
