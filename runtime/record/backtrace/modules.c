#include "modules.h"

#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    struct leash__module *all;
    struct leash__module **loaded; /* sorted by `low` */
    size_t count, room;
    uint64_t last_id;
    unsigned long long adds, subs; /* the loader's counters at the last look */
    bool incomplete;               /* there was no memory for some then */
} modules;

/* ---- what the loader says ---- */

/* The build-id in a note segment, which is mapped. */
static bool note_build_id(const char *at, size_t size, char *hex, size_t room)
{
    while (size >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) note;
        memcpy(&note, at, sizeof(note));
        size_t name = ((size_t)note.n_namesz + 3) & ~(size_t)3, text = ((size_t)note.n_descsz + 3) & ~(size_t)3;
        size_t whole = sizeof(note) + name + text;
        if (whole > size)
            return false;
        const char *id = at + sizeof(note) + name;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && memcmp(at + sizeof(note), "GNU", 4) == 0 &&
            2 * (size_t)note.n_descsz < room) {
            for (size_t i = 0; i < note.n_descsz; i++)
                snprintf(hex + 2 * i, 3, "%02x", (unsigned char)id[i]);
            return true;
        }
        at += whole;
        size -= whole;
    }
    return false;
}

static void build_id_of(const struct dl_phdr_info *info, char *hex, size_t room)
{
    hex[0] = '\0';
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_NOTE &&
            note_build_id((const char *)info->dlpi_addr + header->p_vaddr, header->p_memsz, hex, room))
            return;
    }
}

/* The program's own file, be it deleted by now. Allocated: a coroutine's stack may be small. */
static char *path_of_program(void)
{
    static const char deleted[] = " (deleted)";
    size_t tail = sizeof(deleted) - 1;
    char *path = malloc(PATH_MAX);
    if (!path)
        return NULL;
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    size_t end = length > 0 ? (size_t)length : 0;
    path[end] = '\0';
    if (end > tail && strcmp(path + end - tail, deleted) == 0)
        path[end - tail] = '\0';
    return path;
}

/* An absolute path, allocated: another process, in another folder, is to find the file. */
static char *path_of(const char *name)
{
    if (!*name)
        return path_of_program();
    if (*name == '/' || !strchr(name, '/'))
        return strdup(name);
    char *absolute = realpath(name, NULL);
    return absolute ? absolute : strdup(name);
}

static void bounds_of(const struct dl_phdr_info *info, uintptr_t *low, uintptr_t *high)
{
    *low = UINTPTR_MAX;
    *high = 0;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        uintptr_t from = info->dlpi_addr + header->p_vaddr, to = from + header->p_memsz;
        if (header->p_type != PT_LOAD)
            continue;
        *low = from < *low ? from : *low;
        *high = to > *high ? to : *high;
    }
}

/* ---- the table ---- */

static struct leash__module *known(uintptr_t low, uintptr_t high, const char *path, const char *build_id)
{
    struct leash__module *module = modules.all;
    while (module && (module->low != low || module->high != high || strcmp(module->path, path) != 0 ||
                      strcmp(module->build_id, build_id) != 0))
        module = module->next;
    return module;
}

static struct leash__module *add(const struct dl_phdr_info *info, uintptr_t low, uintptr_t high, char *path,
                                 const char *build_id)
{
    struct leash__module *module = calloc(1, sizeof(*module));
    char *id = strdup(build_id);
    if (!module || !id) {
        free(module);
        free(id);
        return NULL;
    }
    *module = (struct leash__module){.next = modules.all, .base = info->dlpi_addr, .low = low, .high = high};
    module->id = ++modules.last_id;
    module->path = path;
    module->build_id = id;
    modules.all = module;
    return module;
}

static bool grow(void)
{
    size_t room = modules.room ? 2 * modules.room : 32;
    struct leash__module **loaded = realloc(modules.loaded, room * sizeof(struct leash__module *));
    if (!loaded)
        return false;
    modules.loaded = loaded;
    modules.room = room;
    return true;
}

/* NULL: no memory. */
static struct leash__module *module_of(const struct dl_phdr_info *info, uintptr_t low, uintptr_t high)
{
    char build_id[129];
    char *path = path_of(info->dlpi_name ? info->dlpi_name : "");
    if (!path)
        return NULL;
    build_id_of(info, build_id, sizeof(build_id));
    struct leash__module *module = known(low, high, path, build_id);
    if (!module && (module = add(info, low, high, path, build_id)))
        path = NULL; /* it is the module's now */
    free(path);
    return module;
}

static int take(struct dl_phdr_info *info, size_t size, void *unused)
{
    uintptr_t low, high;
    (void)size;
    (void)unused;
    bounds_of(info, &low, &high);
    if (low >= high)
        return 0;
    struct leash__module *module = modules.count < modules.room || grow() ? module_of(info, low, high) : NULL;
    modules.incomplete |= !module;
    if (module && !module->loaded) {
        module->loaded = true;
        modules.loaded[modules.count++] = module;
    }
    return 0;
}

static int by_low(const void *left, const void *right)
{
    const struct leash__module *const *a = left, *const *b = right;
    return ((*a)->low > (*b)->low) - ((*a)->low < (*b)->low);
}

static void look_again(void)
{
    for (struct leash__module *module = modules.all; module; module = module->next)
        module->loaded = false;
    modules.count = 0;
    modules.incomplete = false;
    dl_iterate_phdr(take, NULL);
    if (modules.count)
        qsort(modules.loaded, modules.count, sizeof(struct leash__module *), by_low);
}

static int read_counters(struct dl_phdr_info *info, size_t size, void *counters)
{
    (void)size;
    ((unsigned long long *)counters)[0] = info->dlpi_adds;
    ((unsigned long long *)counters)[1] = info->dlpi_subs;
    return 1;
}

bool leash__modules_changed(void)
{
    unsigned long long counters[2] = {0};
    dl_iterate_phdr(read_counters, counters);
    if (counters[0] == modules.adds && counters[1] == modules.subs && !modules.incomplete)
        return false;
    modules.adds = counters[0];
    modules.subs = counters[1];
    look_again();
    return true;
}

struct leash__module *leash__module_of(uintptr_t address)
{
    size_t from = 0, to = modules.count; /* the first one behind the address */
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (modules.loaded[middle]->low <= address)
            from = middle + 1;
        else
            to = middle;
    }
    return from && address < modules.loaded[from - 1]->high ? modules.loaded[from - 1] : NULL;
}
