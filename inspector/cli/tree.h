/* A command and every process that comes of it. */
#ifndef LEASH_INSPECTOR_TREE_H
#define LEASH_INSPECTOR_TREE_H

#include <stdbool.h>
#include <sys/types.h>

struct tree {
    pid_t pid;  /* of the command */
    int code;   /* its exit code, or 128+n if signal n ended it; 126 or 127 if it could not be started */
    int signal; /* that n, or 0 */
    int failed; /* -errno if it could not be started */
    bool left;  /* we stopped waiting for what it left behind */
};

/* Runs argv with LEASH_TRACE set to `trace`, and, unless it is NULL, with `preload` before all that LD_PRELOAD names;
 * passes SIGINT, SIGTERM, SIGHUP and SIGQUIT on to it unless the terminal
 * has already done so, and waits for it and for every process that it left behind. 0, or -errno of fork. */
int tree_run(char **argv, const char *trace, const char *preload, struct tree *out);

#endif
