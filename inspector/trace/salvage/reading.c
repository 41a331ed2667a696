#include "reading.h"
#include "alloc.h"

#include <string.h>

#define PAYLOAD_MOST (16 * 1024 * 1024)

/* ---- pages and cells ---- */

bool salvage_mark(struct salvage *salvage, uint32_t number)
{
    int64_t index = pages_index(&salvage->pages, number);
    if (index < 0 || salvage->seen[index])
        return false;
    salvage->seen[index] = 1;
    return true;
}

bool salvage_page(struct salvage *salvage, uint32_t number, struct format_page *page)
{
    return pages_read(&salvage->pages, number, salvage->page) &&
           format_page(salvage->page, salvage->pages.usable, number == 1 ? 100 : 0, page);
}

/* The bytes of a cell's payload, fetched from overflow pages if they must be; NULL: they are not all there. Each page
 * belongs to one row, so that no chain is a circle. */
static const uint8_t *payload_of(struct salvage *salvage, const struct format_cell *cell)
{
    if (cell->local == cell->payload)
        return cell->bytes;
    if (cell->payload > PAYLOAD_MOST)
        return NULL;
    if (cell->payload > salvage->payload_room) {
        salvage->payload = xrealloc(salvage->payload, cell->payload, 1);
        salvage->payload_room = cell->payload;
    }
    memcpy(salvage->payload, cell->bytes, cell->local);
    size_t got = cell->local, most = salvage->pages.usable - 4;
    for (uint32_t next = cell->overflow; got < cell->payload; next = format_big32(salvage->overflow)) {
        if (!salvage_mark(salvage, next) || !pages_read(&salvage->pages, next, salvage->overflow))
            return NULL;
        size_t part = cell->payload - got < most ? cell->payload - got : most;
        memcpy(salvage->payload + got, salvage->overflow + 4, part);
        got += part;
    }
    return salvage->payload;
}

size_t salvage_row(struct salvage *salvage, const struct format_page *page, unsigned index, struct format_cell *cell,
                   struct format_value *values)
{
    if (!format_cell(page, index, cell) || cell->payload == 0)
        return 0;
    const uint8_t *payload = payload_of(salvage, cell);
    size_t count = payload ? format_record(payload, cell->payload, values) : 0;
    return count <= FORMAT_COLUMNS ? count : 0;
}

/* ---- which table a page is of ---- */

static bool type_fits(const struct table *table, const struct format_page *page)
{
    return table->keyed == (page->type == FORMAT_INDEX_LEAF || page->type == FORMAT_INDEX_INTERIOR);
}

/* How many of its rows look like the table's, among those that lie whole on the page. */
static unsigned count_fitting(const struct table *table, const struct format_page *page, unsigned *of)
{
    struct format_value values[FORMAT_COLUMNS];
    struct format_cell cell;
    unsigned fitting = 0;
    *of = 0;
    for (unsigned i = 0; i < page->cells; i++) {
        if (!format_cell(page, i, &cell) || cell.local < cell.payload)
            continue;
        size_t count = format_record(cell.bytes, cell.payload, values);
        fitting += count && table_fits(table, values, count);
        ++*of;
    }
    return fitting;
}

bool salvage_page_is_of(const struct table *table, const struct format_page *page)
{
    unsigned of, fitting;
    if (!type_fits(table, page))
        return false;
    if (page->type == FORMAT_TABLE_INTERIOR)
        return true;
    fitting = count_fitting(table, page, &of);
    return 2 * fitting >= of;
}

struct table *salvage_table_of(struct salvage *salvage, const struct format_page *page)
{
    struct table *best = NULL;
    for (size_t i = 0; i < salvage->tables.count; i++) {
        struct table *table = &salvage->tables.items[i];
        unsigned of;
        if (!type_fits(table, page) || count_fitting(table, page, &of) != of || of == 0)
            continue;
        /* Rows that could be of two tables: rather the one whose tree is known to be broken. */
        if (!best || (table->missing && !best->missing))
            best = table;
    }
    return best;
}
