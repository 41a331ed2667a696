/* A view: what one tab shows. It gives data per row and column and answers actions with effects; it neither draws nor
 * reads keys. view_leaks.c is the one to copy; views.c lists those that there are, in the order of their digits.
 *
 *   open ──> reload ──> row, cell, detail, ... (asked while drawing: only what is visible) ──> close
 *               ^          │
 *               └──────────┘  after another filter, sort, snapshot
 *
 * Everything that is asked while drawing must answer at once, on a trace of 10M tasks too: at most some milliseconds.
 * What takes longer is submitted to tui_worker() by reload or act; until its done() has put the answer into the view
 * and called tui_redraw(), the view shows what it has. The spinner and ^C are the program's. */
#ifndef LEASH_INSPECTOR_VIEW_H
#define LEASH_INSPECTOR_VIEW_H

#include "action.h"
#include "key.h"
#include "styled.h"
#include "table.h"
#include "tui.h"

struct view;

/* Where to go in a view, all of it optional. What is pointed to is valid only during the call. */
struct view_args {
    struct model_ref ref; /* the row to select */
    const char *where;    /* the filter; NULL: as it is, "": none */
    const char *sort;     /* "-life"; NULL: as it is */
    const char *sql;      /* SQL view: the statement */
    int64_t at_ns;        /* an instant; 0: as it is */
};

/* ---- effects: what a handler answers, and all that it may do to the program ---- */

enum effect_kind {
    EFFECT_NONE,    /* not mine: the program's own meaning of the action holds */
    EFFECT_HANDLED, /* done, the picture stays */
    EFFECT_REDRAW,  /* draw again */
    EFFECT_RELOAD,  /* take a new snapshot, reload every view */
    EFFECT_OPEN,    /* go to `view` (NULL: the one that shows `args.ref` best) */
    EFFECT_PICK,    /* have the user choose one of the row's targets, and open it */
    EFFECT_QUIT,
};

struct effect {
    enum effect_kind kind;
    const char *view;
    struct view_args args; /* what it points to must live until the effect is carried out: in the view, or static */
};

static inline struct effect effect_of(enum effect_kind kind)
{
    return (struct effect){.kind = kind};
}
static inline struct effect effect_open(struct model_ref ref)
{
    return (struct effect){.kind = EFFECT_OPEN, .args.ref = ref};
}

/* ---- rows ---- */

struct view_row {
    uint64_t key;         /* the same after a reload: an id */
    struct model_ref ref; /* what it is about; kind NONE: nothing that has an id */
    char mark;            /* one character before it, '!' 'E' 'w'; 0: none */
    enum role mark_role;
    enum role role; /* of a cell of role NORMAL */
};

/* The parts of a detail. A view may leave any out, see struct detail; the program shows those that are given. */
#define DETAIL_TABS(TAB)                                                                                               \
    TAB(MAIN, "main")                                                                                                  \
    TAB(CHAIN, "chain")                                                                                                \
    TAB(STACK, "stack")                                                                                                \
    TAB(SOURCE, "source")                                                                                              \
    TAB(RAW, "raw")
#define TAB(symbol, words) DETAIL_##symbol,
enum detail_tab { DETAIL_TABS(TAB) DETAIL_TAB_COUNT };
#undef TAB

struct detail {
    struct buffer title; /* of the rule above it: "pending-at-exit 3/5  worker_start src/pool.c:57" */
    struct lines lines;
};

/* What can be copied from a row with `y`. */
struct view_copy {
    const char *what; /* "suppression" */
    struct buffer text;
};
#define VIEW_COPIES_MAX  12
#define VIEW_TARGETS_MAX 12

/* What is folded away in a view, for the history. */
struct view_folds {
    size_t count;
    struct model_ref refs[];
};

/* ---- the vtable: what is marked "may be NULL" may be NULL ---- */

struct view_ops {
    const char *name;          /* "leaks": of --view, of keymap.c */
    const char *title, *brief; /* "Leaks", and where there is less room "Lk" */
    int digit;                 /* the key that opens it, 1 to 7; 0: it is no tab */
    const struct table_column *columns;
    size_t columns_count;
    uint32_t times;           /* bits: the columns that show instants */
    const enum action *hints; /* of the hint row, ACTION_NONE after the last: keys and words come from the tables */
    size_t size;              /* of the view's own data, zeroed before open; view_data() */
    bool no_header;           /* it draws its own above the rows, in `above` */
    bool no_filter;           /* its rows cannot be filtered */
    const char *list; /* the list whose filters it takes, see filter.h, if its columns are called alike; or NULL */
    int detail_rows;  /* of its detail, which stands below the list at any width; 0: as in most views */
    bool only_detail; /* it has one row, whose detail is all that is shown */

    /* 0, or a negative errno with a word said by tui_say(). Makes nothing slow. May be NULL. */
    int (*open)(struct view *view);
    void (*close)(struct view *view); /* may be NULL */
    /* Takes filter, sort and whatever it knows of args, which were already put into view->where and view->table; then
     * view->table.rows must be right. 0, or -EINVAL: the filter is wrong, why and where are in view->wrong; what was
     * shown stays. */
    int (*reload)(struct view *view, const struct view_args *args);
    void (*row)(struct view *view, size_t row, struct view_row *out);
    /* `width`: the columns that it will have; most views do not care. */
    void (*cell)(struct view *view, size_t row, size_t column, int width, struct styled *out);
    /* The row of that subject, table.rows if it is not among them. May be NULL: rows are asked one by one. */
    size_t (*find)(struct view *view, struct model_ref ref);
    size_t (*find_key)(struct view *view, uint64_t key); /* the same by key; may be NULL */
    /* All that Enter may open on the row, where that is more than its ref. May be NULL. */
    size_t (*targets)(struct view *view, size_t row, struct model_ref out[VIEW_TARGETS_MAX]);
    /* The line of code that belongs to the row. False: none. May be NULL. */
    bool (*site)(struct view *view, size_t row, struct model_site *out);
    /* NULL: what is known of the row's ref, as `leash show`. Nothing given: there is no such tab. */
    void (*detail)(struct view *view, size_t row, enum detail_tab tab, struct detail *out);
    /* The group of findings that the row is, which can be accepted; NULL: none. May be NULL. */
    const struct model_group *(*group)(struct view *view, size_t row);
    /* May be NULL; how many. The id and the site are added by the program. */
    size_t (*copies)(struct view *view, size_t row, struct view_copy out[VIEW_COPIES_MAX]);

    /* The filter for the rows with the same cell, or for those without, to be freed; NULL: there is none. May be NULL:
     * what the cell shows is taken. */
    char *(*narrow)(struct view *view, size_t row, size_t column, bool without);

    /* May be NULL: everything is as it is for all views. `argument`: of a command, else NULL. */
    struct effect (*act)(struct view *view, enum action action, const char *argument);
    /* Every key before it is looked up, for a view that edits a text; EFFECT_NONE: not mine. May be NULL. */
    struct effect (*key)(struct view *view, int key);
    /* The mouse; EFFECT_NONE: not mine. May be NULL. */
    struct effect (*mouse)(struct view *view, const struct key_event *event);

    /* What is folded, to be freed; and the same again. Both or none, for a view whose rows fold. */
    struct view_folds *(*folds)(struct view *view);
    void (*refold)(struct view *view, const struct view_folds *folds);

    /* ---- around the list; each may be NULL ---- */
    int64_t (*badge)(const struct tui *tui); /* the number on its tab, whether it is open or not; negative: none */
    void (*crumb)(struct view *view, struct styled *out);           /* after the title: "by creation site" */
    void (*counts)(struct view *view, struct styled *out);          /* at the right: "5 groups, 9 objects" */
    void (*above)(struct view *view, int width, struct lines *out); /* before the header */
    void (*below)(struct view *view, int width, struct lines *out); /* after the rows */
    void (*empty)(struct view *view, int width, struct lines *out); /* instead of list and detail without rows */
    void (*status)(struct view *view, struct styled *out);          /* at the left of the status row */
};

/* A view that is open. */
struct view {
    const struct view_ops *ops;
    struct tui *tui;
    struct table table;
    char *where; /* the filter that holds; NULL: none */
    struct {
        char text[256]; /* what is wrong with the filter that was refused */
        size_t at;      /* in bytes from its beginning */
    } wrong;
    char doubt[256]; /* what is odd about a filter that lets nothing pass; empty: nothing is */
    enum detail_tab tab;
    void *data;
};

static inline void *view_data(const struct view *view)
{
    return view->data;
}

/* NULL: it could not be opened, and why was said. */
struct view *view_open(const struct view_ops *ops, struct tui *tui);
void view_close(struct view *view);
/* Puts args into the view and reloads it, and selects args->ref; the row that was selected stays so otherwise. False: a
 * wrong filter, see view->wrong. */
bool view_go(struct view *view, const struct view_args *args);
/* The same rows asked anew. */
bool view_reload(struct view *view);
/* False if there are no rows. */
bool view_current(struct view *view, struct view_row *out);
/* The line of code that belongs to the row at the cursor. False: there is no row, or none is known. */
bool view_site(struct view *view, struct model_site *out);
/* table.rows: it is not there. */
size_t view_find(struct view *view, struct model_ref ref);
size_t view_find_key(struct view *view, uint64_t key);

/* For reload(): the filter is wrong; or it is right, and this is to be said if nothing matches it. */
struct filter;
struct filter_error;
void view_refuse(struct view *view, const struct filter_error *error);
void view_doubt(struct view *view, const struct filter *filter);

/* ---- views.c ---- */

/* The tabs, by digit; NULL after the last. */
const struct view_ops *views_at(size_t index);
/* NULL: there is none. */
const struct view_ops *views_named(const char *name);
const struct view_ops *views_digit(int digit);
/* A line for each that there is; the order of tabs is in views.c. */
extern const struct view_ops view_leaks;
extern const struct view_ops view_tasks;
extern const struct view_ops view_awaits;
extern const struct view_ops view_timeline;
extern const struct view_ops view_sites;
extern const struct view_ops view_events;
extern const struct view_ops view_sql;
/* What one row is about, in full size: not a tab. */
extern const struct view_ops view_subject;

#endif
