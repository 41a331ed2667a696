/* Pages, the rows on them, and which table they are of. */
#ifndef LEASH_INSPECTOR_READING_H
#define LEASH_INSPECTOR_READING_H

#include "salvage.h"

/* Notes that a page is read. False: it was already, or there is no such page. */
bool salvage_mark(struct salvage *salvage, uint32_t number);
/* Reads a page of a b-tree, until the next one is read. False: it is none. */
bool salvage_page(struct salvage *salvage, uint32_t number, struct format_page *page);
/* The columns of a cell's row; 0: there is none. What lies on other pages is fetched, and these are marked. */
size_t salvage_row(struct salvage *salvage, const struct format_page *page, unsigned index, struct format_cell *cell,
                   struct format_value *values);
/* Does a page to which the table's tree led look like one of it? Damage may have led astray. */
bool salvage_page_is_of(const struct table *table, const struct format_page *page);
/* The table of a page to which nothing led: only its rows can tell. NULL: they do not. */
struct table *salvage_table_of(struct salvage *salvage, const struct format_page *page);

#endif
