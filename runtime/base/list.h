/* Intrusive doubly linked lists. A list is a node that is its own neighbour while empty; so is an unlinked node, so
 * that taking a node out twice is harmless. */
#ifndef LEASH_BASE_LIST_H
#define LEASH_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct leash__node {
    struct leash__node *next, *prev;
};

#define LEASH__CONTAINER(pointer, type, member) ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

static inline void leash__list_init(struct leash__node *list)
{
    list->next = list->prev = list;
}

static inline bool leash__list_empty(const struct leash__node *list)
{
    return list->next == list;
}

static inline void leash__list_append(struct leash__node *list, struct leash__node *node)
{
    node->prev = list->prev;
    node->next = list;
    list->prev->next = node;
    list->prev = node;
}

static inline void leash__list_remove(struct leash__node *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    leash__list_init(node);
}

/* Takes the first node out; NULL if there is none. */
static inline struct leash__node *leash__list_pop(struct leash__node *list)
{
    struct leash__node *first = list->next;
    if (first == list)
        return NULL;
    leash__list_remove(first);
    return first;
}

/* Moves all of `from` to the end of `to`. */
static inline void leash__list_splice(struct leash__node *to, struct leash__node *from)
{
    if (leash__list_empty(from))
        return;
    from->next->prev = to->prev;
    to->prev->next = from->next;
    from->prev->next = to;
    to->prev = from->prev;
    leash__list_init(from);
}

#endif
