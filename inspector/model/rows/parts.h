/* Shared by the files of rows/: how the rows of a list are found.
 *
 *   vector.c    a sorted vector of keys, made by one scan
 *   instant.c   ... of the earliest events alone, without reading all of them
 *   order.c     sorts such a vector
 *   texts.c     ... by texts
 *   keyset.c    no vector: a table in order of its rowids, and a few of them with their positions */
#ifndef LEASH_INSPECTOR_ROWS_PARTS_H
#define LEASH_INSPECTOR_ROWS_PARTS_H

#include "list/list.h"
#include "rows.h"
#include "rows/texts.h"

#include <errno.h>

/* A row of a list whose rows are of several kinds is one number: the kind above, the id below. */
#define ROWS_ID_BITS 56

/* Where some rows stand in a table of which ids are missing: of every ROWS_STEPth row from an end, its id. */
#define ROWS_STEP 4096
struct rows_anchors {
    int64_t *ids;
    size_t count, capacity;
};

struct rows_keyset {
    int64_t first, last; /* ids when it was made; later ones do not count */
    bool dense;          /* none between them is missing */
    struct rows_anchors front, back;
};

struct model_rows {
    const struct list *list;
    bool indexed;
    size_t count, total;
    bool cut;
    int64_t *keys; /* the vector; NULL: by `keyset` */
    struct rows_keyset keyset;
};

struct rows_key {
    int64_t order; /* what it is sorted by */
    int64_t key;
};

struct rows_vector {
    struct rows_key *keys;
    size_t count, capacity;
    bool ascending; /* by key, as they came */
    bool numbers;   /* some were sorted by a number */
    struct rows_texts texts;
};
void rows_vector_free(struct rows_vector *vector);

/* order.c: stable, by `order`; 0 or -EINTR. */
int rows_sort(struct rows_vector *vector, bool down, const struct trace *trace);
/* ... by key. */
int rows_sort_keys(struct rows_vector *vector, const struct trace *trace);

/* vector.c */
int rows_build(struct model_rows *rows, struct trace *trace, const struct model_rows_options *options, char *why,
               size_t room);
/* Reads the rows of a query, (key, kind or NULL, order), into the vector. 1: one is to be sorted by a text; 0; -errno.
 */
int rows_read(struct trace_query *query, struct rows_vector *vector);
/* Takes the keys over, no more than the limit. */
void rows_take(struct model_rows *rows, struct rows_vector *vector, size_t limit);

/* instant.c: the first `limit` rows in order of time. 0, or -errno as rows_build. */
int rows_build_first(struct model_rows *rows, struct trace *trace, size_t limit, char *why, size_t room);

/* keyset.c: 0 or -errno. */
int rows_keyset_open(struct model_rows *rows, struct trace *trace);
void rows_keyset_free(struct rows_keyset *keyset);
/* The id at a position; INT64_MIN: it cannot be read. */
int64_t rows_keyset_id(struct model_rows *rows, struct trace *trace, size_t position);
long long rows_keyset_find(struct model_rows *rows, struct trace *trace, int64_t id);

int rows_failed(const struct trace *trace, int code, char *why, size_t room);

#endif
