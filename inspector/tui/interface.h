/* The terminal interface, for the command line. */
#ifndef LEASH_INSPECTOR_INTERFACE_H
#define LEASH_INSPECTOR_INTERFACE_H

#include "app.h"

struct interface_options {
    struct app_options app;
    const struct model_load_options *load; /* how further snapshots of a live trace are loaded */
    const char *script;                    /* keys from a file, on no terminal, as script.h tells; NULL: none */
    int rows, cols;                        /* of its screen */
    bool ascii, no_colour, no_mouse;
};

/* Runs until the user quits. Takes the trace over, since following may open it anew. The exit code; EXIT_TROUBLE with a
 * reason in `why`, which is empty otherwise. */
int interface_run(const struct interface_options *options, char *why, size_t room);

#endif
