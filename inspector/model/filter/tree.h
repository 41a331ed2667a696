/* A filter as a tree, and what its parser and compiler share. */
#ifndef LEASH_INSPECTOR_FILTER_TREE_H
#define LEASH_INSPECTOR_FILTER_TREE_H

#include "list/list.h"
#include "arena.h"
#include "buffer.h"
#include "filter.h"
#include "saved.h"

#define FILTER_TEXT_MAX  4096
#define FILTER_DEPTH_MAX 50  /* of parentheses and negations */
#define FILTER_TERMS_MAX 200 /* SQLite bounds the depth of an expression */

enum filter_operator {
    FILTER_WORD,  /* bare: in any of the texts that a row is known by */
    FILTER_REGEX, /* bare, between slashes */
    FILTER_IS,    /* field:a|b  globs, ids, ranges */
    FILTER_EQUAL,
    FILTER_NOT_EQUAL,
    FILTER_LESS,
    FILTER_LESS_EQUAL,
    FILTER_MORE,
    FILTER_MORE_EQUAL,
    FILTER_LIKE /* field~re */
};

struct filter_typed {
    const char *text; /* without quotes */
    size_t at;        /* where it stands */
    bool quoted;
};

enum filter_node_kind { FILTER_AND, FILTER_OR, FILTER_NOT, FILTER_SAVED, FILTER_TERM };

struct filter_node {
    enum filter_node_kind kind;
    struct filter_node *first; /* of AND, OR; the only one of NOT, SAVED */
    struct filter_node *next;  /* beside it */
    /* of SAVED */
    const struct saved_filter *saved;
    size_t at; /* where its name stands */
    /* of a TERM */
    enum filter_operator operator;
    const struct list_field *field; /* NULL: bare */
    struct filter_typed *values;
    size_t values_count;
};

struct filter_parameter {
    const char *text; /* as it is shown; what is bound, unless it is a number */
    int64_t number;
    bool is_number;
};

struct filter {
    const struct list *list;
    struct arena memory;
    const char *text;
    struct filter_node *root; /* NULL: all pass */
    struct buffer sql;
    struct filter_parameter *parameters;
    size_t parameters_count, parameters_capacity;
    unsigned joins;
    const char *doubt;
};

/* Notes what is wrong, unless something was noted before; false. */
bool filter_fail(struct filter_error *error, size_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Notes what is wrong inside of a saved filter whose name stands at `at`; false. */
bool filter_fail_saved(struct filter_error *error, size_t at, const struct saved_filter *saved,
                       const struct filter_error *inner);

/* parse.c: sets root. */
bool filter_parse_tree(struct filter *filter, struct filter_error *error);
/* compile.c: from the tree to sql, parameters, joins and doubt. */
bool filter_compile(struct filter *filter, struct filter_error *error);

/* ---- value.c ---- */

/* What is between the two in "1.2s..1.5s", "..5", "7": missing ends are the largest numbers there are. */
struct filter_range {
    int64_t low, high;
};
/* 12; -5 */
bool filter_number(const char *text, size_t length, int64_t *out);
/* 100ms, 1.5s, +0.2s, 2h; 0 needs no unit. In ns. */
bool filter_time(const char *text, size_t length, int64_t *out);
bool filter_range(const char *text, bool (*read)(const char *, size_t, int64_t *), struct filter_range *out);
/* #31, 31, #c42, q3. `kind` MODEL_NONE: only a number was typed. */
bool filter_id(const char *text, struct model_ref *out);

#endif
