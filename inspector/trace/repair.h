/* Makes a whole trace of one that is not: what waits in its -wal and its spool is folded in; what SQLite refuses is
 * read page by page (salvage/). The old one is only read. */
#ifndef LEASH_INSPECTOR_REPAIR_H
#define LEASH_INSPECTOR_REPAIR_H

#include "trace.h"

#include <stddef.h>
#include <stdint.h>

#define REPAIR_TABLES  48
#define REPAIR_REASONS 6

struct repair_table {
    char name[32];
    int64_t saved;
    int64_t expected;                /* rows that it had, as far as can be told; -1: it cannot */
    int64_t missing, damaged, found; /* pages that are not there, rows that are none, pages found without their tree */
};

struct repair {
    bool whole;   /* nothing was lost */
    bool rebuilt; /* SQLite refused it: it was read page by page, and the tables are filled in */
    struct repair_table tables[REPAIR_TABLES];
    size_t tables_count;
    char reasons[REPAIR_REASONS][200]; /* sentences without an end */
    size_t reasons_count;
};

/* 0: `into` is a trace now, and `out` tells what is in it; or -errno with a message, and there is no `into`. */
int trace_repair(const char *path, const char *into, struct repair *out, struct trace_error *error);

#endif
