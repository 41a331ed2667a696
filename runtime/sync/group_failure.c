/* "the body and 2 of 3 tasks failed: fetch: EIO: no host; store: ENOSPC; body: EBADF" */
#include "group.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "failure.h"

/* On a task's stack: what is longer is cut. */
struct message {
    char text[768];
    size_t length;
};

static __attribute__((format(printf, 2, 3))) void add(struct message *message, const char *format, ...)
{
    size_t room = sizeof message->text - message->length;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(message->text + message->length, room, format, arguments);
    va_end(arguments);
    if (length > 0)
        message->length += (size_t)length < room ? (size_t)length : room - 1;
}

static const char *name_of(const struct leash__cell *cell)
{
    if (cell->name)
        return cell->name;
    return cell->coro_site && cell->coro_site->expr ? cell->coro_site->expr : "task";
}

static void add_one(struct message *message, const char *who, int code, const struct leash__failure *failure)
{
    const char *name = strerrorname_np(-code);
    add(message, "%.64s: ", who);
    if (name)
        add(message, "%s", name);
    else
        add(message, "error %d", -code);
    if (failure && *failure->message)
        add(message, ": %.160s", failure->message);
}

static void add_members(struct message *message, const struct leash__group *group)
{
    enum { NAMED = 4 };
    size_t named = 0;
    const struct leash__node *list = &group->failed;
    for (struct leash__node *node = list->next; node != list && named < NAMED; node = node->next, named++) {
        const struct leash__cell *cell = leash__group_member_of(node)->cell;
        add(message, "%s", named ? "; " : "");
        add_one(message, name_of(cell), cell->fut.code, cell->fut.failure);
    }
    if (group->failures > named)
        add(message, "; and %zu more", group->failures - named);
}

struct leash__failure *leash__group_failure(const struct leash__group *group)
{
    struct message message = {.length = 0};
    const struct leash__cell *first = leash__group_member_of(group->failed.next)->cell;
    bool body = group->body_code < 0;
    add(&message, "%s%zu of %zu tasks failed: ", body ? "the body and " : "", group->failures, group->created);
    add_members(&message, group);
    if (body) {
        add(&message, "; ");
        add_one(&message, "body", group->body_code, group->body);
    }
    struct leash__failure *failure = leash__failure_text(first->fut.code, message.text);
    if (failure && first->fut.failure)
        failure->site = first->fut.failure->site;
    return failure;
}
