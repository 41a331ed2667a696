/* Where one report goes. A file is written beside its place and moved there when it is whole: whoever reads it never
 * sees half of one, and a run that fails leaves the old one as it was. */
#ifndef LEASH_INSPECTOR_DESTINATION_H
#define LEASH_INSPECTOR_DESTINATION_H

#include "report.h"

struct destination {
    const struct report_format *format;
    const char *path; /* as typed; NULL: standard output */
    char *real;       /* the file that it names, through links; NULL while it is not known */
    char *temporary;  /* what is written meanwhile; NULL: straight to the place, which is no regular file */
    FILE *file;       /* open, or NULL */
};

/* Finds the place, without touching it. 0 or -errno. */
int destination_find(struct destination *destination);
/* Both write to the same place. */
bool destination_same(const struct destination *a, const struct destination *b);
/* The place is that of a file which is read. */
bool destination_is(const struct destination *destination, const char *path);
/* 0 or -errno. */
int destination_open(struct destination *destination);
/* Moves what was written to its place, or with `keep` false drops it. 0 or -errno: it could not all be written. */
int destination_close(struct destination *destination, bool keep);

#endif
