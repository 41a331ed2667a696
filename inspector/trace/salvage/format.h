/* The file format of SQLite, as far as rows are read from it without SQLite: for files that it refuses. Written from
 * "Database File Format" (https://www.sqlite.org/fileformat2.html): 1.6 b-tree pages, 2.1 records. The bytes are
 * hostile: nothing is read beyond what is given, whatever they say. */
#ifndef LEASH_INSPECTOR_FORMAT_H
#define LEASH_INSPECTOR_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FORMAT_PAGE_LEAST 512
#define FORMAT_PAGE_MOST  65536
#define FORMAT_COLUMNS    64 /* more than any table of a trace has */

enum format_page_type {
    FORMAT_INDEX_INTERIOR = 0x02,
    FORMAT_TABLE_INTERIOR = 0x05,
    FORMAT_INDEX_LEAF = 0x0a,
    FORMAT_TABLE_LEAF = 0x0d
};

/* A b-tree page. Tables without a rowid are kept in index pages, and have rows in the interior ones too. */
struct format_page {
    enum format_page_type type;
    const uint8_t *bytes;
    size_t usable;
    unsigned cells;
    size_t pointers; /* where the array of cells' offsets begins */
    uint32_t right;  /* interior: the last child */
};

struct format_cell {
    uint32_t child; /* interior pages: what is left of it */
    int64_t rowid;  /* table leaves */
    size_t payload; /* bytes, also those that lie on overflow pages; 0: the cell has none */
    size_t local;   /* of these, how many are here */
    const uint8_t *bytes;
    uint32_t overflow; /* the first page of the rest; 0: all is here */
};

enum format_type { FORMAT_NULL, FORMAT_INTEGER, FORMAT_REAL, FORMAT_TEXT, FORMAT_BLOB };
struct format_value {
    enum format_type type;
    int64_t integer;
    double real;
    const uint8_t *bytes;
    size_t length;
};

uint32_t format_big32(const uint8_t *bytes);
uint32_t format_big16(const uint8_t *bytes);

/* False: no b-tree page. `header` is 100 on page 1, else 0. */
bool format_page(const uint8_t *bytes, size_t usable, size_t header, struct format_page *out);
bool format_page_is_leaf(const struct format_page *page);
/* False: the cell makes no sense. */
bool format_cell(const struct format_page *page, unsigned index, struct format_cell *out);
/* How many columns there are (at most FORMAT_COLUMNS are filled in); 0: no record. */
size_t format_record(const uint8_t *payload, size_t length, struct format_value *values);

#endif
