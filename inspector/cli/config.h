/* What is configured beside the command line, lowest first:
 *
 *   $XDG_CONFIG_HOME/leash/config   (~/.config/leash/config)
 *   ./.leash.conf
 *   LEASH_OPTIONS                   the inspector's part: names that begin with "inspector."
 *
 * A file has lines `name = value`, names being those of the flags; `# comment`; and sections `[check]`, whose lines
 * only hold for that subcommand; in a section `[filters]` they name filters, `slow = wait>100ms` (filter/saved.h). A
 * name that a subcommand does not take is passed over there; one that no subcommand takes is an error. Flags that name
 * a file to be written are for the command line only: a folder that was fetched from somewhere must not choose what is
 * overwritten. */
#ifndef LEASH_INSPECTOR_CONFIG_H
#define LEASH_INSPECTOR_CONFIG_H

#include "assign.h"

/* Adds what is configured for settings->command. 0, or -EINVAL with a message printed. */
int config_read(struct settings *settings, struct assignments *out);
/* Says on stderr which files were read. */
void config_tell(const struct settings *settings);

#endif
