/* One module: its file, its debug file, and what was read out of them. */
#ifndef LEASH_NAMES_MODULE_H
#define LEASH_NAMES_MODULE_H

#include "elf_file.h"
#include "lines.h"
#include "symbols.h"

struct leash_module {
    struct leash_module *next;
    char *path, *build_id;
    struct leash_elf_file file;  /* elf is NULL: not here, or another build */
    struct leash_elf_file debug; /* elf is NULL: none, or `file` has it all */
    struct leash_symbols symbols;
    struct leash_lines lines;
};

/* NULL: no memory. A module without any file is a module still, in which no name is found. */
struct leash_module *leash_module_open(const char *path, const char *build_id, const char *debug_folder);
void leash_module_free(struct leash_module *module);

#endif
