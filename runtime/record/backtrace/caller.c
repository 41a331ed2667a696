#include "stack_table.h"

#include <event.h>

size_t leash__stack_caller(const struct leash__stack_entry *entry)
{
    size_t at = 0;
    while (at + 1 < entry->depth && entry->frames[at].module != entry->frames[entry->depth - 1].module)
        at++;
    return at;
}
