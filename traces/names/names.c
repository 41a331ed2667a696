#include "names.h"
#include "module.h"

#include <errno.h>
#include <fold.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A trace may name any number of modules, and each keeps its files open: of more than these nothing is known. */
enum { MODULES_MAX = 256 };

struct leash_names {
    char *debug_folder;
    struct leash_module *modules; /* opened so far; also those of which no file was found */
    unsigned count;
};

int leash_names_new(struct leash_names **out)
{
    struct leash_names *names = calloc(1, sizeof(*names));
    if (!names)
        return -ENOMEM;
    int rc = leash_names_debug_folder(names, "/usr/lib/debug");
    if (rc < 0) {
        free(names);
        return rc;
    }
    *out = names;
    return 0;
}

void leash_names_free(struct leash_names *names)
{
    if (!names)
        return;
    while (names->modules) {
        struct leash_module *module = names->modules;
        names->modules = module->next;
        leash_module_free(module);
    }
    free(names->debug_folder);
    free(names);
}

int leash_names_debug_folder(struct leash_names *names, const char *folder)
{
    char *copy = strdup(folder);
    if (!copy)
        return -ENOMEM;
    free(names->debug_folder);
    names->debug_folder = copy;
    return 0;
}

static struct leash_module *module_of(struct leash_names *names, const char *path, const char *build_id)
{
    struct leash_module *module = names->modules;
    while (module && (strcmp(module->path, path) != 0 || strcmp(module->build_id, build_id) != 0))
        module = module->next;
    if (module || names->count == MODULES_MAX)
        return module;
    module = leash_module_open(path, build_id, names->debug_folder);
    if (module) {
        module->next = names->modules;
        names->modules = module;
        names->count++;
    }
    return module;
}

bool leash_names_frame(void *names, const char *module, const char *build_id, uint64_t offset,
                       struct leash_frame_name *out)
{
    struct leash_module *found = module_of(names, module ? module : "", build_id ? build_id : "");
    struct leash_line line = {0};
    if (!found)
        return false;
    bool known = leash_lines_find(&found->lines, offset, &line);
    if (!line.func)
        line.func = leash_symbols_find(&found->symbols, offset);
    if (!line.func && !known)
        return false;
    out->func = line.func;
    out->file = line.file;
    out->line = line.line;
    return true;
}

int leash_names_plain(char *buffer, size_t size, const char *module, uint64_t offset)
{
    const char *slash = module ? strrchr(module, '/') : NULL;
    const char *name = slash ? slash + 1 : module ? module : "";
    return snprintf(buffer, size, "%s%s0x%" PRIx64, name, *name ? "+" : "", offset);
}
