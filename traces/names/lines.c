#include "lines.h"

#include <dwarf.h>
#include <stdlib.h>

static bool add_unit(struct leash_lines *lines, size_t *room, uint64_t low, uint64_t high, Dwarf_Off die)
{
    if (low >= high)
        return true;
    if (lines->count == *room) {
        size_t more = *room ? 2 * *room : 64;
        struct leash_unit *units = realloc(lines->units, more * sizeof(*units));
        if (!units)
            return false;
        lines->units = units;
        *room = more;
    }
    lines->units[lines->count++] = (struct leash_unit){low, high, die};
    return true;
}

static int by_address(const void *left, const void *right)
{
    const struct leash_unit *a = left, *b = right;
    return (a->low > b->low) - (a->low < b->low);
}

static bool add_ranges(struct leash_lines *lines, size_t *room, Dwarf_Die *die)
{
    Dwarf_Addr base, low, high;
    ptrdiff_t at = 0;
    while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0)
        if (!add_unit(lines, room, low, high, dwarf_dieoffset(die)))
            return false;
    return true;
}

void leash_lines_read(struct leash_lines *lines, Elf *elf)
{
    size_t room = 0;
    Dwarf_CU *unit = NULL;
    Dwarf_Die die;
    lines->dwarf = elf ? dwarf_begin_elf(elf, DWARF_C_READ, NULL) : NULL;
    while (lines->dwarf && dwarf_get_units(lines->dwarf, unit, &unit, NULL, NULL, &die, NULL) == 0)
        if (!add_ranges(lines, &room, &die))
            break;
    if (lines->count)
        qsort(lines->units, lines->count, sizeof(*lines->units), by_address);
}

void leash_lines_free(struct leash_lines *lines)
{
    free(lines->units);
    if (lines->dwarf)
        dwarf_end(lines->dwarf);
    *lines = (struct leash_lines){0};
}

static const struct leash_unit *unit_of(const struct leash_lines *lines, uint64_t address)
{
    size_t from = 0, to = lines->count; /* the first one behind the address */
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (lines->units[middle].low <= address)
            from = middle + 1;
        else
            to = middle;
    }
    return from && address < lines->units[from - 1].high ? &lines->units[from - 1] : NULL;
}

/* The innermost function around the address, inlined ones included. */
static const char *function_at(Dwarf_Die *unit, uint64_t address)
{
    Dwarf_Die *scopes = NULL;
    const char *name = NULL;
    int count = dwarf_getscopes(unit, address, &scopes);
    for (int i = 0; i < count && !name; i++) {
        int tag = dwarf_tag(&scopes[i]);
        if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine)
            name = dwarf_diename(&scopes[i]);
    }
    free(scopes);
    return name;
}

bool leash_lines_find(const struct leash_lines *lines, uint64_t address, struct leash_line *out)
{
    const struct leash_unit *unit = unit_of(lines, address);
    Dwarf_Die die;
    int number = 0;
    if (!unit || !dwarf_offdie(lines->dwarf, unit->die, &die))
        return false;
    Dwarf_Die inner, *body = &die;
    uint8_t type;
    if (dwarf_cu_info(die.cu, NULL, &type, NULL, &inner, NULL, NULL, NULL) == 0 && type == DW_UT_skeleton && inner.addr)
        body = &inner; /* the functions are in a .dwo file, the lines are not */
    out->func = function_at(body, address);
    Dwarf_Line *line = dwarf_getsrc_die(&die, address);
    const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
    if (!file || dwarf_lineno(line, &number) != 0 || number <= 0)
        return false;
    out->file = file;
    out->line = number;
    return true;
}
