/* What the user accepts: suppressions and a baseline, from the flags to the report. */
#ifndef LEASH_INSPECTOR_CLI_ACCEPT_H
#define LEASH_INSPECTOR_CLI_ACCEPT_H

#include "accept/suppress.h"
#include "check.h"

/* Reads what the flags name, and .leash.supp if it is here. 0, or negative errno with a message printed. */
int accept_open(struct settings *settings);
/* What traces are loaded with. */
struct model_load_options accept_options(const struct settings *settings);
/* Before traces are judged: what of them is in the baseline. */
void accept_compare(const struct settings *settings, struct checked *checked);
/* The exit code that --strict-suppressions and --ratchet ask for, EXIT_CLEAN if none; tells why. */
int accept_code(const struct settings *settings, const struct checked *checked);
/* After the report: which suppressions were used, and what was fixed. */
void accept_tell(const struct settings *settings, const struct checked *checked);
/* --gen-suppressions: instead of the report. */
void accept_generate(const struct settings *settings, const struct checked *checked);
void accept_close(struct settings *settings);

/* What is wrong in a file that the user wrote, with its line and a mark under it, on stderr. */
void complain_of_fault(const char *command, const struct accept_fault *fault);

#endif
