/* What the run's row says of the process, as text. Each returns allocated text, or NULL if it is not known. */
#ifndef LEASH_RECORD_RUN_TEXT_H
#define LEASH_RECORD_RUN_TEXT_H

#include <leash/loop.h>

/* The command line as a shell would take it: arguments with other than plain characters stand in '...'. */
char *leash__run_argv(void);
/* Where /proc/self/NAME points. */
char *leash__run_link(const char *name);
/* The options in force, as LEASH_OPTIONS would say them. */
char *leash__run_options(const struct leash_options *options);

#endif
