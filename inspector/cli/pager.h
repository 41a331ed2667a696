/* Long output on a terminal goes through a program that shows it a page at a time. */
#ifndef LEASH_INSPECTOR_PAGER_H
#define LEASH_INSPECTOR_PAGER_H

#include <stdio.h>
#include <sys/types.h>

struct pager {
    FILE *in; /* what is written here is shown; NULL: there is no pager */
    pid_t pid;
};

/* Starts $LEASH_PAGER, else $PAGER, else `less -FRX`: a program and its arguments, separated by blanks; no shell reads
 * them. Empty or "cat": none, nor where it cannot be started. From then on SIGPIPE is ignored, and SIGINT stops queries
 * instead of us. */
void pager_start(struct pager *pager);
/* Ends the output and waits until the user has seen enough. */
void pager_end(struct pager *pager);

#endif
