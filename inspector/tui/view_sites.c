/* Sites: where tasks and coroutines are made, and what became of them; by site, function, file or creation stack. */
#include "detail.h"
#include "rowset.h"
#include "site_lines.h"
#include "spread_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE_AROUND      4
#define SOURCE_AROUND_FULL 20
#define AT_ONCE            24 /* rows read at once: the percentiles of a row are dear */

/* What a row stands for. */
enum { BY_SITE, BY_FUNCTION, BY_FILE, BY_STACK };
static const struct {
    const char *what; /* the list of the model */
    const char *crumb;
} groupings[] = {[BY_SITE] = {"sites", "by creation site"},
                 [BY_FUNCTION] = {"functions", "by function"},
                 [BY_FILE] = {"files", "by file"},
                 [BY_STACK] = {"stacks", "by creation stack"}};
#define GROUPINGS (sizeof groupings / sizeof *groupings)

struct sites {
    struct rowset rows; /* first: rowset.h */
    size_t grouping;
    struct site_counts *counts; /* of the file that was shown last; NULL: none */
    int64_t spread_of;          /* the site that `spread` is about; -1: none */
    struct model_spread spread;
};

/* What is read of a row, in this order. */
enum { R_ID, R_SITE, R_FUNC, R_FILE, R_LINE, R_SITES, R_MADE, R_LIVE, R_LEAK, R_FAIL, R_CANC, R_P50, R_P99, R_LONGEST };
static const char read_columns[] = "id,site,func,file,line,sites,made,live,leak,fail,canc,p50,p99,longest";

enum { SITE, FUNC, SITES, MADE, LIVE, LEAK, FAIL, CANC, P50, P99, LONGEST, SHARE };
static const struct table_column columns[] = {
    [SITE] = {"site", "SITE", NULL, 0, 18, 12, 2, ALIGN_TAIL, true, false},
    [FUNC] = {"func", "FUNCTION", NULL, 1, 12, 8, 2, ALIGN_LEFT, true, false},
    [SITES] = {"sites", "SITES", NULL, 6, 5, 5, 0, ALIGN_RIGHT, true, true},
    [MADE] = {"made", "MADE", NULL, 0, 5, 4, 0, ALIGN_RIGHT, true, false},
    [LIVE] = {"live", "LIVE", NULL, 2, 5, 4, 0, ALIGN_RIGHT, true, false},
    [LEAK] = {"leak", "LEAK", NULL, 0, 6, 4, 0, ALIGN_RIGHT, true, false},
    [FAIL] = {"fail", "FAIL", NULL, 3, 5, 4, 0, ALIGN_RIGHT, true, false},
    [CANC] = {"canc", "CANC", NULL, 4, 5, 4, 0, ALIGN_RIGHT, true, false},
    [P50] = {"p50", "p50 LIFE", NULL, 5, 8, 7, 0, ALIGN_RIGHT, false, false},
    [P99] = {"p99", "p99 LIFE", NULL, 5, 8, 7, 0, ALIGN_RIGHT, false, false},
    [LONGEST] = {"longest", "LONGEST", NULL, 6, 8, 7, 0, ALIGN_RIGHT, true, true},
    [SHARE] = {"share", "SHARE", NULL, 6, 5, 5, 1, ALIGN_LEFT, false, false},
};

static const enum action hints[] = {ACTION_HELP, ACTION_SEARCH,   ACTION_FILTER,   ACTION_SORT,
                                    ACTION_OPEN, ACTION_CHILDREN, ACTION_GROUP_BY, ACTION_STACK,
                                    ACTION_EDIT, ACTION_QUIT,     ACTION_NONE};

/* ---- rows ---- */

static void read_as(struct view *view, size_t grouping)
{
    struct sites *sites = view_data(view);
    sites->grouping = grouping;
    rowset_open(&sites->rows, view, groupings[grouping].what, read_columns);
    sites->rows.at_once = AT_ONCE;
}

static int open_view(struct view *view)
{
    struct sites *sites = view_data(view);
    sites->spread_of = -1;
    read_as(view, 0);
    view->table.sort = LEAK;
    view->table.descending = true;
    return 0;
}

static void close_view(struct view *view)
{
    struct sites *sites = view_data(view);
    rowset_close(&sites->rows);
    site_counts_free(sites->counts);
}

static int reload(struct view *view, const struct view_args *args)
{
    struct sites *sites = view_data(view);
    struct view_args mine = *args;
    int sort = view->table.sort;
    mine.ref = (struct model_ref){0};
    site_counts_free(sites->counts);
    sites->counts = NULL;
    sites->spread_of = -1;
    return rowset_reload(&sites->rows, sort >= 0 ? columns[sort].name : NULL, &mine);
}

static void row(struct view *view, size_t at, struct view_row *out)
{
    struct sites *sites = view_data(view);
    *out = (struct view_row){.key = rowset_key(&sites->rows, at)};
}

static size_t find(struct view *view, struct model_ref ref)
{
    (void)ref;
    return view->table.rows;
}

/* ---- cells ---- */

static struct model_site site_of(const struct model_cell *cells)
{
    return rowset_site(&cells[R_FILE], &cells[R_LINE], &cells[R_FUNC]);
}

static void add_site(struct view *view, const struct model_cell *cells, struct styled *out)
{
    struct model_site where = site_of(cells);
    char text[TUI_SITE_TEXT];
    if (where.line || !where.file)
        styled_add(out, ROLE_NORMAL, tui_site_text(view->tui, &where, text));
    else
        styled_add(out, ROLE_NORMAL, where.file);
}

static void add_number(const struct model_cell *cell, enum role role, struct styled *out)
{
    int64_t value = rowset_number(cell);
    if (value != MODEL_NEVER)
        styled_format(out, value ? role : ROLE_DIM, "%lld", (long long)value);
}

/* Of all leaks: full is all of them. They are counted already; the trace would have to judge all of them again. */
static void add_share(const struct model_snapshot *snapshot, const struct model_cell *leaks, int width,
                      struct styled *out)
{
    double all = 0;
    for (size_t i = 0; i < snapshot->groups_count; i++)
        all += (double)snapshot->groups[i].count;
    double part = all > 0 && leaks->kind == MODEL_CELL_INTEGER ? (double)leaks->integer / all : 0;
    int share = (int)(100 * (part < 1 ? part : 1));
    for (int i = 0; share > 0 && i < width && (i == 0 || i * 100 < share * width); i++)
        styled_add(out, ROLE_ERROR, "#");
}

static void cell(struct view *view, size_t at, size_t column, int width, struct styled *out)
{
    static const int read[] = {
        [SITES] = R_SITES, [MADE] = R_MADE, [LIVE] = R_LIVE, [LEAK] = R_LEAK,      [FAIL] = R_FAIL,
        [CANC] = R_CANC,   [P50] = R_P50,   [P99] = R_P99,   [LONGEST] = R_LONGEST};
    const struct model_cell *cells = rowset_view_cells(view, at);
    switch (column) {
    case SITE:
        add_site(view, cells, out);
        break;
    case FUNC:
        styled_add(out, ROLE_NORMAL, rowset_text(&cells[R_FUNC]));
        break;
    case P50:
    case P99:
    case LONGEST:
        rowset_add_duration(&cells[read[column]], view->tui->ascii, out);
        break;
    case SHARE:
        add_share(view->tui->snapshot, &cells[R_LEAK], width, out);
        break;
    default:
        add_number(&cells[read[column]], column == LEAK || column == FAIL ? ROLE_ERROR : ROLE_NORMAL, out);
    }
}

static bool site(struct view *view, size_t at, struct model_site *out)
{
    *out = site_of(rowset_view_cells(view, at));
    return out->file != NULL;
}

static char *narrow(struct view *view, size_t at, size_t column, bool without)
{
    static const int read[] = {[SITE] = R_SITE, [FUNC] = R_FUNC, [MADE] = R_MADE, [LIVE] = R_LIVE,
                               [LEAK] = R_LEAK, [FAIL] = R_FAIL, [CANC] = R_CANC};
    struct sites *sites = view_data(view);
    bool known = column <= CANC && column != SITES;
    return known ? rowset_narrow(&sites->rows, at, (size_t)read[column], columns[column].name, without) : NULL;
}

/* ---- detail ---- */

static const struct site_counts *counts_of(struct view *view, const char *file)
{
    struct sites *sites = view_data(view);
    if (sites->counts && strcmp(site_counts_file(sites->counts), file) == 0)
        return sites->counts;
    site_counts_free(sites->counts);
    return sites->counts = site_counts_of(view->tui, file);
}

static const struct model_spread *spread_of(struct view *view, int64_t id)
{
    struct sites *sites = view_data(view);
    if (sites->spread_of != id && model_spread_of_lives(view->tui->trace, id, &sites->spread) < 0)
        sites->spread.count = 0;
    sites->spread_of = id;
    return &sites->spread;
}

static void detail(struct view *view, size_t at, enum detail_tab tab, struct detail *out)
{
    const struct sites *sites = view_data(view);
    const struct model_cell *cells = rowset_view_cells(view, at);
    const struct model_site where = site_of(cells);
    int64_t id = rowset_number(&cells[R_ID]);
    struct styled title = {0};
    add_site(view, cells, &title);
    buffer_format(&out->title, "%s %s", buffer_text(&title.text), where.func ? where.func : "");
    styled_free(&title);
    if (sites->grouping == BY_STACK)
        styled_add(lines_label(&out->lines, "stack"), ROLE_NORMAL, where.func ? where.func : "");
    if (sites->grouping == BY_SITE && tab == DETAIL_MAIN)
        spread_lines(spread_of(view, id), "lives", view->tui->ascii, &out->lines);
    if (where.file && (tab == DETAIL_MAIN || tab == DETAIL_SOURCE))
        site_source(view->tui, &where, counts_of(view, where.file),
                    tab == DETAIL_MAIN ? SOURCE_AROUND : SOURCE_AROUND_FULL, &out->lines);
    if (sites->grouping == BY_SITE && (tab == DETAIL_MAIN || tab == DETAIL_STACK))
        site_stacks(view->tui, id, &out->lines);
}

/* ---- actions ---- */

/* The same rows by another thing; the filter may mean nothing there. */
static struct effect regroup(struct view *view)
{
    struct sites *sites = view_data(view);
    size_t next = (sites->grouping + 1) % GROUPINGS;
    rowset_close(&sites->rows);
    memset(&sites->rows, 0, sizeof sites->rows);
    view->table.rows = 0;
    view->table.cursor = view->table.top = 0;
    read_as(view, next);
    if (!view_reload(view))
        view_go(view, &(struct view_args){.where = ""});
    tui_say(view->tui, ROLE_DIM, "%s", groupings[next].crumb);
    return effect_of(EFFECT_REDRAW);
}

/* Another view of what was made there, or happened: its list is the one that the filter is for. */
static struct effect open_what_was_made(struct view *view, const char *name, const char *list)
{
    static char where[600];
    const struct sites *sites = view_data(view);
    if (view->table.rows == 0)
        return effect_of(EFFECT_HANDLED);
    const struct model_cell *cells = rowset_view_cells(view, view->table.cursor);
    static const int read[] = {R_SITE, R_FUNC, R_FILE, R_SITE};
    static const char *const field[] = {"site", "func", "file", "site"};
    char *text = filter_of_cell(list, field[sites->grouping], rowset_text(&cells[read[sites->grouping]]), false);
    snprintf(where, sizeof where, "%s", text ? text : "");
    free(text);
    return (struct effect){EFFECT_OPEN, name, {.where = where}};
}

static struct effect act(struct view *view, enum action action, const char *argument)
{
    struct sites *sites = view_data(view);
    if (action == ACTION_SQL)
        return rowset_open_sql(&sites->rows, argument);
    if (action == ACTION_GROUP_BY)
        return regroup(view);
    if (action == ACTION_EVENTS_HERE)
        return open_what_was_made(view, "events", "events");
    if (action == ACTION_TIMELINE_HERE)
        return open_what_was_made(view, "timeline", "tasks");
    return action == ACTION_CHILDREN ? open_what_was_made(view, "tasks", "tasks") : effect_of(EFFECT_NONE);
}

/* ---- around the list ---- */

static void crumb(struct view *view, struct styled *out)
{
    const struct sites *sites = view_data(view);
    styled_add(out, ROLE_DIM, groupings[sites->grouping].crumb);
}

const struct view_ops view_sites = {
    .name = "sites",
    .title = "Sites",
    .brief = "St",
    .digit = 5,
    .columns = columns,
    .columns_count = sizeof columns / sizeof *columns,
    .hints = hints,
    .size = sizeof(struct sites),
    .open = open_view,
    .close = close_view,
    .reload = reload,
    .row = row,
    .cell = cell,
    .find = find,
    .find_key = rowset_view_find_key,
    .site = site,
    .detail = detail,
    .narrow = narrow,
    .act = act,
    .crumb = crumb,
    .counts = rowset_view_counts,
    .empty = rowset_view_empty,
};
