/* Traces, and what can happen to their files. */
#ifndef LEASH_TEST_DAMAGE_H
#define LEASH_TEST_DAMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DAMAGE_PAGE 4096

/* A file in memory. */
struct bytes {
    unsigned char *data;
    size_t size;
};
struct bytes bytes_read(const char *path);
void bytes_write(const char *path, const struct bytes *bytes, size_t size);
void bytes_free(struct bytes *bytes);

/* One number that SQL asks for, of a database that SQLite reads. */
int64_t ask(const char *path, const char *format, ...); /* format as of sqlite3_mprintf */
/* The same, with the database `other` attached as other. */
int64_t ask_both(const char *path, const char *other, const char *format, ...); /* format as of sqlite3_mprintf */
/* The whole of it is as SQLite wants it. */
void expect_sound(const char *path);
/* Each row of `part`'s tables stands in `whole` as well. */
void expect_subset(const char *part, const char *whole);

#endif
