/* The files that the program consists of: itself, its libraries, its plugins. Numbers are the process's and kept for
 * good; a library that was unloaded and comes back to the same place keeps its own. The caller holds
 * leash__definitions_lock. */
#ifndef LEASH_RECORD_MODULES_H
#define LEASH_RECORD_MODULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct leash__module {
    struct leash__module *next; /* all that were ever seen */
    uint64_t id;                /* from 1 */
    uintptr_t base;             /* what an address is counted from */
    uintptr_t low, high;        /* its loaded part */
    char *path;                 /* absolute, but for what is no file (the kernel's own) */
    char *build_id;             /* in hex; "" if it has none */
    unsigned defined;           /* leash__definitions_trace() in which it was last defined; 0: none */
    bool loaded;                /* as of the last look */
};

/* Looks whether libraries came or went since the last call. True: what was known of addresses does not hold any more.
 */
bool leash__modules_changed(void);
/* The loaded module in which an address lies; NULL: none (made at run time), or no memory to know. */
struct leash__module *leash__module_of(uintptr_t address);

#endif
