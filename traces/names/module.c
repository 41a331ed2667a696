#include "module.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Opens the debug file that is said to be at `path`, if it is the module's. */
static bool try_debug(struct leash_module *module, const char *path, const uint32_t *checksum)
{
    if (!leash_elf_open(path, &module->debug))
        return false;
    bool same = strcmp(module->debug.build_id, module->build_id) == 0;
    if (!*module->build_id)
        same = checksum && leash_elf_checksum(&module->debug) == *checksum;
    if (!same)
        leash_elf_close(&module->debug);
    return same;
}

/* FOLDER/.build-id/ab/cdef.debug */
static bool debug_by_build_id(struct leash_module *module, const char *folder)
{
    char path[PATH_MAX];
    const char *id = module->build_id;
    size_t length = strlen(id);
    if (length < 4 || strspn(id, "0123456789abcdef") != length) /* it comes from the trace: no way out of the folder */
        return false;
    int wrote = snprintf(path, sizeof(path), "%s/.build-id/%.2s/%s.debug", folder, id, id + 2);
    return wrote > 0 && (size_t)wrote < sizeof(path) && try_debug(module, path, NULL);
}

/* Beside the module, in .debug beside it, and under the folder. */
static bool debug_by_link(struct leash_module *module, const char *folder)
{
    char path[PATH_MAX];
    uint32_t checksum;
    const char *link = leash_elf_debug_link(&module->file, &checksum), *slash = strrchr(module->path, '/');
    if (!link || !slash || !*link || strchr(link, '/'))
        return false;
    const struct {
        const char *before, *after;
    } places[] = {{"", "/"}, {"", "/.debug/"}, {folder, "/"}};
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        int wrote = snprintf(path, sizeof(path), "%s%.*s%s%s", places[i].before, (int)(slash - module->path),
                             module->path, places[i].after, link);
        if (wrote > 0 && (size_t)wrote < sizeof(path) && strcmp(path, module->path) != 0 &&
            try_debug(module, path, &checksum))
            return true;
    }
    return false;
}

static void open_files(struct leash_module *module, const char *debug_folder)
{
    if (leash_elf_open(module->path, &module->file) && strcmp(module->file.build_id, module->build_id) != 0)
        leash_elf_close(&module->file); /* built anew since */
    if (module->file.elf && leash_elf_has_lines(&module->file))
        return;
    if (!debug_by_build_id(module, debug_folder) && module->file.elf)
        debug_by_link(module, debug_folder);
}

struct leash_module *leash_module_open(const char *path, const char *build_id, const char *debug_folder)
{
    struct leash_module *module = calloc(1, sizeof(*module));
    if (!module)
        return NULL;
    module->file.fd = module->debug.fd = -1;
    module->path = strdup(path);
    module->build_id = strdup(build_id);
    if (!module->path || !module->build_id) {
        leash_module_free(module);
        return NULL;
    }
    open_files(module, debug_folder);
    leash_symbols_read(&module->symbols, module->file.elf, module->debug.elf);
    leash_lines_read(&module->lines, module->debug.elf ? module->debug.elf : module->file.elf);
    return module;
}

void leash_module_free(struct leash_module *module)
{
    if (!module)
        return;
    leash_lines_free(&module->lines);
    leash_symbols_free(&module->symbols);
    leash_elf_close(&module->debug);
    leash_elf_close(&module->file);
    free(module->build_id);
    free(module->path);
    free(module);
}
