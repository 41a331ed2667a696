#include "paths.h"
#include "alloc.h"
#include "buffer.h"
#include "escape.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct node {
    uint32_t parent, depth;
    char *name; /* as it is printed */
    uint64_t weight;
};

struct paths {
    struct node *nodes; /* 0: the empty path */
    size_t count, capacity;
    uint32_t *slots; /* a hash table of nodes by parent and name; 0: free */
    size_t slots_count;
    bool cut;
};

struct paths *paths_new(void)
{
    struct paths *paths = xcalloc(1, sizeof *paths);
    X_GROW(paths->nodes, paths->count, paths->capacity);
    paths->nodes[paths->count++] = (struct node){0};
    paths->slots_count = 1024;
    paths->slots = xcalloc(paths->slots_count, sizeof *paths->slots);
    return paths;
}

void paths_free(struct paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        free(paths->nodes[i].name);
    free(paths->nodes);
    free(paths->slots);
    free(paths);
}

static uint64_t hash_of(uint32_t parent, const char *name)
{
    uint64_t hash = 14695981039346656037u ^ parent;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 1099511628211u;
    return hash ^ hash >> 29;
}

/* Where the node is, or would be. */
static uint32_t *slot_of(struct paths *paths, uint32_t parent, const char *name)
{
    for (size_t at = hash_of(parent, name);; at++) {
        uint32_t *slot = &paths->slots[at & (paths->slots_count - 1)];
        const struct node *node = &paths->nodes[*slot];
        if (*slot == 0 || (node->parent == parent && strcmp(node->name, name) == 0))
            return slot;
    }
}

static void grow(struct paths *paths)
{
    free(paths->slots);
    paths->slots_count *= 2;
    paths->slots = xcalloc(paths->slots_count, sizeof *paths->slots);
    for (size_t i = 1; i < paths->count; i++)
        *slot_of(paths, paths->nodes[i].parent, paths->nodes[i].name) = (uint32_t)i;
}

/* Names are joined by ';', and a line is a path. */
static void add_name(struct buffer *out, const char *name)
{
    struct buffer escaped = {0};
    escape_text(&escaped, name, false);
    for (const char *at = buffer_text(&escaped); *at; at++) {
        if (*at == ';')
            buffer_add(out, "\\x3b");
        else
            buffer_add_bytes(out, at, 1);
    }
    buffer_free(&escaped);
}

uint32_t paths_child(struct paths *paths, uint32_t parent, const char *name)
{
    struct buffer printed = {0};
    add_name(&printed, name && *name ? name : "?");
    uint32_t *slot = slot_of(paths, parent, buffer_text(&printed)), found = *slot;
    if (!found && (paths->nodes[parent].depth == PATHS_DEPTH || paths->count > PATHS_MOST)) {
        paths->cut = true;
        found = parent;
    } else if (!found) {
        X_GROW(paths->nodes, paths->count, paths->capacity);
        found = *slot = (uint32_t)paths->count;
        paths->nodes[paths->count++] = (struct node){
            .parent = parent, .depth = paths->nodes[parent].depth + 1, .name = xstrdup(buffer_text(&printed))};
        if (paths->count * 2 > paths->slots_count)
            grow(paths);
    }
    buffer_free(&printed);
    return found;
}

void paths_add(struct paths *paths, uint32_t path, uint64_t weight)
{
    uint64_t *sum = &paths->nodes[path].weight;
    if (__builtin_add_overflow(*sum, weight, sum))
        *sum = UINT64_MAX;
}

bool paths_were_cut(const struct paths *paths)
{
    return paths->cut;
}

void paths_print(const struct paths *paths, uint64_t unit, FILE *out)
{
    const char *names[PATHS_DEPTH];
    for (size_t i = 1; i < paths->count; i++) {
        uint64_t weight = paths->nodes[i].weight / unit + (paths->nodes[i].weight % unit * 2 >= unit && unit > 1);
        size_t depth = 0;
        if (weight == 0)
            continue;
        for (uint32_t node = (uint32_t)i; node; node = paths->nodes[node].parent)
            names[depth++] = paths->nodes[node].name;
        while (depth > 0) {
            depth--;
            fprintf(out, depth ? "%s;" : "%s", names[depth]);
        }
        fprintf(out, " %" PRIu64 "\n", weight);
    }
}
