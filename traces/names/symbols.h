/* The functions of a symbol table, sorted by address. */
#ifndef LEASH_NAMES_SYMBOLS_H
#define LEASH_NAMES_SYMBOLS_H

#include <libelf.h>
#include <stddef.h>
#include <stdint.h>

struct leash_symbol {
    uint64_t address, size;
    const char *name; /* the file's own */
    int rank;         /* of several at one address the highest counts: global before weak before local */
};

struct leash_symbols {
    struct leash_symbol *items;
    size_t count;
};

/* Takes the full table of `file` or else of `debug` (either may be NULL), else the dynamic one. Without memory it stays
 * empty. The files must stay open. */
void leash_symbols_read(struct leash_symbols *symbols, Elf *file, Elf *debug);
void leash_symbols_free(struct leash_symbols *symbols);
/* The function in which the address lies; NULL: in none that the table has. */
const char *leash_symbols_find(const struct leash_symbols *symbols, uint64_t address);

#endif
