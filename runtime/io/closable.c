#include "closable.h"

#include "cell.h"

struct leash__waitable *leash__closable_of(const void *handle, const struct leash__waitable_type *type,
                                           const char *call, struct leash_site *site, int *error)
{
    struct leash__cell *cell = NULL;
    enum leash__handle_kind kind = LEASH__HANDLE_CORO;
    enum leash__lookup found = leash__lookup(handle, &cell, &kind);
    struct leash__waitable *waitable = NULL;
    *error = 0;
    if (kind == LEASH__HANDLE_OBJECT && found == LEASH__FOUND)
        waitable = cell->arg;
    if (waitable && waitable->type == type)
        return waitable;
    if (kind == LEASH__HANDLE_OBJECT && found == LEASH__LOOKUP_STALE)
        return NULL;
    leash__waitable_handle(handle, type, call, site, error);
    return NULL;
}
