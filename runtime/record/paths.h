/* Where a trace is written: from what the program or LEASH_TRACE says to names of files. */
#ifndef LEASH_RECORD_PATHS_H
#define LEASH_RECORD_PATHS_H

#include <stdbool.h>
#include <sys/types.h>

/* `pattern` with %p replaced by the pid and %% by %, its folder made absolute with all links resolved, so that neither
 * chdir nor a link changes what it names. *has_pid tells whether %p was in it. 0; -ENOENT and the like: no such folder;
 * -EISDIR: it names none but a folder; -ENOMEM. The caller frees *out. */
int leash__path_resolve(const char *pattern, pid_t pid, char **out, bool *has_pid);

/* The n-th name to try for a trace: the path, path.PID, path.PID.2, path.PID.3, ... -ENOMEM or 0. */
int leash__path_candidate(const char *path, pid_t pid, unsigned n, char **out);

#endif
