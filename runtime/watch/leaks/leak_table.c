#include "leak_table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const char *string)
{
    return string ? string : "";
}

static uint32_t hash_text(uint32_t hash, const char *string)
{
    for (const char *at = text_of(string); *at; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    return hash;
}

static size_t bucket_of(const struct leash__leak *leak)
{
    uint32_t hash = hash_text(hash_text(2166136261u ^ leak->line, leak->file), leak->class);
    return (hash ^ hash >> 16) % LEASH_LEAK_BUCKETS;
}

static bool same(const char *a, const char *b)
{
    return strcmp(text_of(a), text_of(b)) == 0;
}

static bool belongs(const struct leash__leak_group *group, const struct leash__leak *leak)
{
    return group->first.line == leak->line && group->first.severity == leak->severity &&
           same(group->first.file, leak->file) && same(group->first.func, leak->func) &&
           same(group->first.class, leak->class);
}

/* Copies *string to *room, which it moves on. */
static void keep(const char **string, char **room)
{
    size_t size = strlen(text_of(*string)) + 1;
    memcpy(*room, text_of(*string), size);
    *string = *room;
    *room += size;
}

static struct leash__leak_group *new_group(const struct leash__leak *leak)
{
    struct leash__leak copy = *leak;
    const char **strings[] = {&copy.class, &copy.also,      &copy.name,    &copy.file,
                              &copy.func,  &copy.waits_for, &copy.failure, &copy.kept_by};
    size_t size = 0;
    for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++)
        size += strlen(text_of(*strings[i])) + 1;
    struct leash__leak_group *group = calloc(1, sizeof(*group) + size);
    if (!group)
        return NULL;
    char *room = group->strings;
    for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++)
        keep(strings[i], &room);
    group->first = copy;
    group->name_common = strlen(copy.name);
    return group;
}

static struct leash__leak_group *group_of(struct leash__leak_table *table, const struct leash__leak *leak)
{
    size_t bucket = bucket_of(leak);
    struct leash__leak_group *group = table->buckets[bucket];
    while (group && !belongs(group, leak))
        group = group->chain;
    if (group || table->groups == LEASH_LEAK_GROUPS)
        return group;
    group = new_group(leak);
    if (!group)
        return NULL;
    group->chain = table->buckets[bucket];
    table->buckets[bucket] = group;
    *(table->end ? table->end : &table->first) = group;
    table->end = &group->next;
    table->groups++;
    return group;
}

static void note_name(struct leash__leak_group *group, const char *name)
{
    size_t common = 0;
    while (common < group->name_common && name[common] == group->first.name[common])
        common++;
    group->names_differ |= common < group->name_common || name[common] != group->first.name[common];
    group->name_common = common;
}

void leash__leak_table_add(struct leash__leak_table *table, const struct leash__leak *leak)
{
    if (leak->severity == 'E')
        table->errors++;
    else
        table->warnings++;
    struct leash__leak_group *group = group_of(table, leak);
    if (!group) {
        table->homeless++;
        return;
    }
    group->count++;
    note_name(group, text_of(leak->name));
}

void leash__leak_table_clear(struct leash__leak_table *table)
{
    for (struct leash__leak_group *group = table->first, *next; group; group = next) {
        next = group->next;
        free(group);
    }
    *table = (struct leash__leak_table){0};
}
