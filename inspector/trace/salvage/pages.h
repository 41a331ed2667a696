/* The pages of a trace that SQLite may refuse: those of the file, and above them those that its -wal has newer images
 * of (file format, section 4). A frame of the -wal counts if its checksum is right, judged by the frame before it
 * alone, so that a damaged one does not take those behind it along; and only up to the last one that ends a
 * transaction. */
#ifndef LEASH_INSPECTOR_PAGES_H
#define LEASH_INSPECTOR_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pages_frame {
    uint32_t page;
    uint32_t frame; /* from 0 */
};

struct pages {
    int file, wal; /* -1: there is none */
    uint32_t page_size;
    size_t usable;    /* of each page */
    uint32_t in_file; /* whole pages there */
    uint64_t file_size;
    uint32_t said;              /* how many its header says there are; 0: not known */
    struct pages_frame *frames; /* the newest of each page, by page */
    size_t frames_count, frames_capacity;
    size_t frames_bad;  /* checksums that are wrong, with good ones behind them */
    size_t frames_open; /* at the end of the -wal, of a transaction that it does not finish, damaged ones included */
};

/* 0, or -errno: the file cannot be read. One that is none of SQLite's opens too. */
int pages_open(struct pages *pages, const char *path);
void pages_close(struct pages *pages);

/* Pages that there are have an index, from 0 to pages_count() - 1; -1: there is no such page. */
size_t pages_count(const struct pages *pages);
int64_t pages_index(const struct pages *pages, uint32_t page);
uint32_t pages_number(const struct pages *pages, size_t index);
/* Reads one into `bytes`, page_size of them. */
bool pages_read(const struct pages *pages, uint32_t page, uint8_t *bytes);

#endif
