/* File, line and innermost function of an address, out of DWARF. */
#ifndef LEASH_NAMES_LINES_H
#define LEASH_NAMES_LINES_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of a compilation unit's code. Kept by ourselves: not every compiler writes .debug_aranges. */
struct leash_unit {
    uint64_t low, high;
    Dwarf_Off die;
};

struct leash_lines {
    Dwarf *dwarf; /* NULL: none */
    struct leash_unit *units;
    size_t count;
};

struct leash_line {
    const char *func; /* NULL: not known */
    const char *file; /* NULL: not known, and line is 0 */
    int line;
};

/* elf may be NULL. Without DWARF or memory nothing will be found. The file must stay open. */
void leash_lines_read(struct leash_lines *lines, Elf *elf);
void leash_lines_free(struct leash_lines *lines);
/* True if file and line are known. `func` may be, either way. */
bool leash_lines_find(const struct leash_lines *lines, uint64_t address, struct leash_line *out);

#endif
