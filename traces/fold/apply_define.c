/* Definitions: sites, modules, stacks, threads. The first one of an id counts. */
#include "apply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The next zero-terminated part of a record's text; "" when there is no more. */
static const char *leash_part(const char **at, const char *end)
{
    const char *part = *at;
    if (part >= end)
        return "";
    *at = part + strlen(part) + 1; /* the reader put a zero behind the text */
    return part;
}

static bool leash_known(struct leash_fold *fold, enum leash__table_number table, uint64_t id)
{
    return leash__table_find(&fold->tables[table], id) != NULL;
}

int leash__on_def_site(struct leash_fold *fold, const struct leash__event *event)
{
    const char *at = event->text, *end = event->text + event->c;
    if (leash_known(fold, LEASH__T_site, event->a))
        return -EBADMSG;
    struct leash__site *site = LEASH__ADD(fold, site, event->a);
    if (!site)
        return -ENOMEM;
    site->row.closed = 1;
    site->line = event->b;
    site->file = strdup(leash_part(&at, end));
    site->func = strdup(leash_part(&at, end));
    site->expr = strdup(leash_part(&at, end));
    return site->file && site->func && site->expr ? 0 : -ENOMEM;
}

int leash__on_def_module(struct leash_fold *fold, const struct leash__event *event)
{
    const char *at = event->text, *end = event->text + event->c;
    if (leash_known(fold, LEASH__T_module, event->a))
        return -EBADMSG;
    struct leash__module *module = LEASH__ADD(fold, module, event->a);
    if (!module)
        return -ENOMEM;
    module->row.closed = 1;
    module->size = event->b;
    module->path = strdup(leash_part(&at, end));
    module->build_id = strdup(leash_part(&at, end));
    module->base = strtoull(leash_part(&at, end), NULL, 16);
    return module->path && module->build_id ? 0 : -ENOMEM;
}

int leash__on_def_thread(struct leash_fold *fold, const struct leash__event *event)
{
    if (leash_known(fold, LEASH__T_thread, event->a))
        return -EBADMSG;
    struct leash__thread *thread = LEASH__ADD(fold, thread, event->a);
    if (!thread)
        return -ENOMEM;
    thread->row.closed = 1;
    thread->tid = event->b;
    thread->name = strdup(event->text);
    return thread->name ? 0 : -ENOMEM;
}

static int leash_add_stack_frame(struct leash_fold *fold, uint64_t stack, uint64_t position, const uint64_t pair[2])
{
    struct leash__frame *frame = leash__frame_of(fold, pair[0], pair[1]);
    if (!frame)
        return -errno;
    struct leash__stack_frame *row = LEASH__ADD(fold, stack_frame, 0);
    if (!row)
        return -ENOMEM;
    row->row.closed = 1;
    row->stack_id = stack;
    row->position = position;
    row->frame_id = frame->row.id;
    return 0;
}

int leash__on_def_stack(struct leash_fold *fold, const struct leash__event *event)
{
    uint64_t pair[2];
    if (leash_known(fold, LEASH__T_stack, event->a) || event->c < event->b * sizeof(pair) ||
        event->b > LEASH_TEXT_MAX / sizeof(pair))
        return -EBADMSG;
    struct leash__stack *stack = LEASH__ADD(fold, stack, event->a);
    if (!stack)
        return -ENOMEM;
    stack->row.closed = 1;
    stack->depth = event->b;
    for (uint64_t i = 0; i < event->b; i++) {
        memcpy(pair, event->text + i * sizeof(pair), sizeof(pair));
        int rc = leash_add_stack_frame(fold, event->a, i, pair);
        if (rc < 0)
            return rc;
    }
    return 0;
}
