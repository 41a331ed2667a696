/* The name of the running task for the overflow handler: it runs on the alternate stack of a thread that just died, so
 * it formats by hand. */
#include "task.h"

#include <string.h>

#include "overflow.h"

static size_t put(char *buffer, size_t size, size_t at, const char *text)
{
    size_t length = strlen(text);
    if (at + length > size)
        length = size - at;
    memcpy(buffer + at, text, length);
    return at + length;
}

static size_t put_number(char *buffer, size_t size, size_t at, uint64_t number)
{
    char digits[21];
    size_t first = sizeof digits - 1;
    digits[first] = '\0';
    do {
        digits[--first] = (char)('0' + number % 10);
    } while (number /= 10);
    return put(buffer, size, at, digits + first);
}

size_t leash__overflow_name(char *buffer, size_t size)
{
    struct leash__loop *loop = leash__running();
    struct leash__task *task = loop ? loop->current : NULL;
    if (!task)
        return 0;
    const struct leash_site *site = task->cell.coro_site;
    size_t at = put(buffer, size, 0, "task #");
    at = put_number(buffer, size, at, task->cell.id);
    at = put(buffer, size, at, " \"");
    at = put(buffer, size, at, task->cell.name ? task->cell.name : site && site->expr ? site->expr : "?");
    at = put(buffer, size, at, "\"");
    if (site) {
        at = put(buffer, size, at, " (");
        at = put(buffer, size, at, site->file);
        at = put(buffer, size, at, ":");
        at = put_number(buffer, size, at, site->line);
        at = put(buffer, size, at, ")");
    }
    return at;
}
