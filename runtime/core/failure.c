#include "failure.h"

#include <errno.h>
#include <leash/task.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "misuse.h"

static struct leash__failure *with_room(int code, struct leash_site *site, size_t length)
{
    struct leash__failure *failure = malloc(sizeof *failure + length + 1);
    if (!failure)
        return NULL;
    failure->refs = 1;
    failure->code = code;
    failure->site = site;
    return failure;
}

struct leash__failure *leash__failure_new(int code, struct leash_site *site, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    struct leash__failure *failure = length < 0 ? NULL : with_room(code, site, (size_t)length);
    if (failure)
        vsnprintf(failure->message, (size_t)length + 1, format, again);
    va_end(again);
    return failure;
}

struct leash__failure *leash__failure_text(int code, const char *text)
{
    struct leash__failure *failure = with_room(code, NULL, strlen(text));
    if (failure)
        memcpy(failure->message, text, strlen(text) + 1);
    return failure;
}

void leash__failure_unref_slow(struct leash__failure *failure)
{
    if (--failure->refs == 0)
        free(failure);
}

struct leash_failure leash__failure_public(int code, const struct leash__failure *failure)
{
    const struct leash_site *site = failure ? failure->site : NULL;
    return (struct leash_failure){.code = code,
                                  .message = failure ? failure->message : "",
                                  .file = site ? site->file : NULL,
                                  .func = site ? site->func : NULL,
                                  .line = site ? site->line : 0};
}

int leash_failure(const void *handle, struct leash_failure *out)
{
    int error = 0;
    struct leash__cell *cell = leash__cell_any(handle, "leash_failure", NULL, &error);
    if (!cell)
        return error;
    if (!out)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL, "leash_failure: there is no place for the answer");
    struct leash__fut *fut = &cell->fut;
    if (fut->state == LEASH__PENDING)
        return leash__refused(-EBUSY, "leash_failure: it is not finished");
    if (fut->state == LEASH__FINISHED && fut->code >= 0)
        return -ENODATA;
    if (fut->unseen != LEASH__SEEN)
        fut->unseen = fut->unseen == LEASH__HIDDEN ? LEASH__SEEN : LEASH__READ;
    *out = leash__failure_public(fut->state == LEASH__CANCELLED ? -ECANCELED : fut->code, fut->failure);
    return 0;
}

const char *leash_cancel_message(const void *handle)
{
    int error = 0;
    struct leash__cell *cell =
        leash__cell_find(handle, LEASH__TASK_BIT | LEASH__FUTURE_BIT, "leash_cancel_message", NULL, &error);
    if (!cell) {
        errno = -error;
        return NULL;
    }
    const struct leash__failure *message = NULL;
    if (cell->fut.state == LEASH__CANCELLED)
        message = cell->fut.failure;
    else if (cell->kind == LEASH__CELL_TASK)
        message = leash__task_of(cell)->cancel_message;
    return message ? message->message : "";
}
