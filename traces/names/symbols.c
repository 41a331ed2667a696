#include "symbols.h"

#include <gelf.h>
#include <stdbool.h>
#include <stdlib.h>

/* Handwritten assembly gives no sizes: so far behind such a symbol an address is still taken to be its. */
enum { UNSIZED_REACH = 1024 };

static Elf_Scn *table_of(Elf *elf, unsigned type, GElf_Shdr *header)
{
    for (Elf_Scn *section = NULL; elf && (section = elf_nextscn(elf, section));)
        if (gelf_getshdr(section, header) && header->sh_type == type)
            return section;
    return NULL;
}

static int rank_of(const GElf_Sym *symbol)
{
    switch (GELF_ST_BIND(symbol->st_info)) {
    case STB_GLOBAL:
        return 2;
    case STB_WEAK:
        return 1;
    default:
        return 0;
    }
}

static int by_address(const void *left, const void *right)
{
    const struct leash_symbol *a = left, *b = right;
    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank - b->rank;
    return (a->size > b->size) - (a->size < b->size);
}

static void read_table(struct leash_symbols *symbols, Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(section, NULL);
    size_t count = data && header->sh_entsize ? data->d_size / header->sh_entsize : 0;
    symbols->items = count && count <= INT32_MAX ? calloc(count, sizeof(*symbols->items)) : NULL;
    for (size_t i = 0; symbols->items && i < count; i++) {
        GElf_Sym symbol;
        if (!gelf_getsym(data, (int)i, &symbol) || symbol.st_shndx == SHN_UNDEF)
            continue;
        unsigned type = GELF_ST_TYPE(symbol.st_info);
        const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);
        if ((type != STT_FUNC && type != STT_GNU_IFUNC) || !name || !*name)
            continue;
        symbols->items[symbols->count++] =
            (struct leash_symbol){symbol.st_value, symbol.st_size, name, rank_of(&symbol)};
    }
    if (symbols->items)
        qsort(symbols->items, symbols->count, sizeof(*symbols->items), by_address);
}

void leash_symbols_read(struct leash_symbols *symbols, Elf *file, Elf *debug)
{
    const struct {
        Elf *elf;
        unsigned type;
    } tables[] = {{file, SHT_SYMTAB}, {debug, SHT_SYMTAB}, {file, SHT_DYNSYM}};
    for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
        GElf_Shdr header;
        Elf_Scn *section = table_of(tables[i].elf, tables[i].type, &header);
        if (!section)
            continue;
        read_table(symbols, tables[i].elf, section, &header);
        if (symbols->count)
            return;
        leash_symbols_free(symbols);
    }
}

void leash_symbols_free(struct leash_symbols *symbols)
{
    free(symbols->items);
    *symbols = (struct leash_symbols){0};
}

const char *leash_symbols_find(const struct leash_symbols *symbols, uint64_t address)
{
    size_t from = 0, to = symbols->count; /* the first one behind the address */
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (symbols->items[middle].address <= address)
            from = middle + 1;
        else
            to = middle;
    }
    if (!from)
        return NULL;
    const struct leash_symbol *symbol = &symbols->items[from - 1];
    uint64_t distance = address - symbol->address;
    return distance < (symbol->size ? symbol->size : UNSIZED_REACH) ? symbol->name : NULL;
}
