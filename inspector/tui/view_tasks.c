/* Tasks: all of them, by id, or those that pass a filter in the order of a column. */
#include "alloc.h"
#include "detail.h"
#include "order.h"
#include "rowset.h"
#include "spread_lines.h"
#include "subject.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct tasks {
    struct rowset rows; /* first: rowset.h */
    int64_t *leaked;    /* ids of the snapshot's findings, sorted */
    size_t leaked_count;
    int64_t *locked; /* of those, in a deadlock */
    size_t locked_count;
    int64_t spread_of; /* whose waits `spread` is about; -1: nobody's */
    int spread_result;
    struct model_spread spread;
    bool histogram;
};

/* What is read of a row, in this order. */
enum {
    R_ID,
    R_NAME,
    R_CORO,
    R_STATE,
    R_WAIT,
    R_RUN,
    R_POLLS,
    R_WAITS_FOR,
    R_FILE,
    R_LINE,
    R_FUNC,
    R_AGE,
    R_PARENT,
    R_ERR,
    R_CREATED,
    R_SITE
};
static const char read_columns[] =
    "id,name,coro,state,wait,run,polls,waits-for,file,line,func,age,parent,err,created,site";

enum { ID, STATE, NAME, CORO, WAIT, RUN, POLLS, WAITS_FOR, SITE, AGE, PARENT, ERR, CREATED };
static const struct table_column columns[] = {
    [ID] = {"id", "ID", NULL, 0, 7, 4, 0, ALIGN_RIGHT, true, false},
    [STATE] = {"state", "S", NULL, 0, 3, 1, 0, ALIGN_LEFT, true, false},
    [NAME] = {"name", "NAME", NULL, 0, 10, 8, 2, ALIGN_LEFT, true, false},
    [CORO] = {"coro", "CORO", NULL, 4, 11, 8, 2, ALIGN_LEFT, true, false},
    [WAIT] = {"wait", "WAIT", NULL, 1, 8, 7, 0, ALIGN_RIGHT, true, false},
    [RUN] = {"run", "RUN", NULL, 4, 7, 7, 0, ALIGN_RIGHT, true, false},
    [POLLS] = {"polls", "POLLS", NULL, 5, 5, 5, 0, ALIGN_RIGHT, true, false},
    [WAITS_FOR] = {"waits-for", "WAITS FOR", NULL, 2, 13, 10, 2, ALIGN_LEFT, true, false},
    [SITE] = {"site", "SITE", NULL, 3, 15, 12, 2, ALIGN_TAIL, true, false},
    [AGE] = {"age", "AGE", NULL, 6, 8, 7, 0, ALIGN_RIGHT, true, true},
    [PARENT] = {"parent", "PARENT", NULL, 6, 7, 5, 0, ALIGN_RIGHT, true, true},
    [ERR] = {"err", "ERR", NULL, 6, 10, 6, 0, ALIGN_LEFT, true, true},
    [CREATED] = {"created", "CREATED", NULL, 6, 9, 8, 0, ALIGN_RIGHT, true, true},
};

static const enum action hints[] = {ACTION_HELP, ACTION_SEARCH,    ACTION_FILTER,  ACTION_SORT,
                                    ACTION_OPEN, ACTION_WAITS_FOR, ACTION_AWAITER, ACTION_PARENT,
                                    ACTION_SITE, ACTION_FOLLOW,    ACTION_QUIT,    ACTION_NONE};

/* ---- which are leaks ---- */

static bool holds(const int64_t *ids, size_t count, int64_t id)
{
    return count && bsearch(&id, ids, count, sizeof *ids, order_numbers);
}

/* The tasks of the groups of `class`, or of all: NULL. */
static int64_t *ids_of(const struct model_snapshot *snapshot, const char *class, size_t *count)
{
    int64_t *ids = NULL;
    size_t capacity = 0;
    *count = 0;
    for (size_t i = 0; i < snapshot->groups_count; i++) {
        const struct model_group *group = &snapshot->groups[i];
        if (group->examples_count == 0 || group->examples[0].subject.ref.kind != MODEL_TASK || group->suppressed_by ||
            (class && strcmp(group->class, class) != 0))
            continue;
        for (size_t j = 0; j < group->count; j++) {
            X_GROW(ids, *count, capacity);
            ids[(*count)++] = group->ids[j];
        }
    }
    if (*count)
        qsort(ids, *count, sizeof *ids, order_numbers);
    return ids;
}

/* ---- rows ---- */

static int open_view(struct view *view)
{
    struct tasks *tasks = view_data(view);
    tasks->spread_of = -1;
    rowset_open(&tasks->rows, view, "tasks", read_columns);
    return 0;
}

static void close_view(struct view *view)
{
    struct tasks *tasks = view_data(view);
    rowset_close(&tasks->rows);
    free(tasks->leaked);
    free(tasks->locked);
}

static int reload(struct view *view, const struct view_args *args)
{
    struct tasks *tasks = view_data(view);
    int sort = view->table.sort;
    free(tasks->leaked);
    free(tasks->locked);
    tasks->leaked = ids_of(view->tui->snapshot, NULL, &tasks->leaked_count);
    tasks->locked = ids_of(view->tui->snapshot, "deadlock", &tasks->locked_count);
    tasks->spread_of = -1;
    return rowset_reload(&tasks->rows, sort >= 0 ? columns[sort].name : NULL, args);
}

static void row(struct view *view, size_t at, struct view_row *out)
{
    struct tasks *tasks = view_data(view);
    struct model_ref ref = rowset_ref(&rowset_view_cells(view, at)[R_ID]);
    bool leaked = holds(tasks->leaked, tasks->leaked_count, ref.id);
    *out = (struct view_row){
        .key = rowset_key(&tasks->rows, at), .ref = ref, .mark = leaked ? '!' : '\0', .mark_role = ROLE_ERROR};
}

/* One letter a state, so that no colour is needed. */
static void add_state(const struct tasks *tasks, const struct model_cell *cells, struct styled *out)
{
    static const struct {
        const char *state;
        char letter[2];
        enum role role;
    } states[] = {{"waiting", "w", ROLE_WAIT}, {"running", "r", ROLE_RUN},  {"new", "n", ROLE_READY},
                  {"done", "d", ROLE_OK},      {"failed", "F", ROLE_ERROR}, {"cancelled", "C", ROLE_DIM}};
    const char *state = rowset_text(&cells[R_STATE]);
    if (holds(tasks->locked, tasks->locked_count, rowset_ref(&cells[R_ID]).id)) {
        styled_add(out, ROLE_ERROR, "D");
        return;
    }
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i].state, state) == 0)
            styled_add(out, states[i].role, states[i].letter);
}

static struct model_site site_of(const struct model_cell *cells)
{
    return rowset_site(&cells[R_FILE], &cells[R_LINE], &cells[R_FUNC]);
}

static void add_created(struct view *view, size_t at, struct styled *out)
{
    char text[MODEL_TIME_TEXT];
    int64_t above = at ? rowset_number(&rowset_view_cells(view, at - 1)[R_CREATED]) : MODEL_NEVER;
    int64_t created = rowset_number(&rowset_view_cells(view, at)[R_CREATED]);
    styled_add(out, ROLE_NORMAL, tui_time_below(view->tui, created, above, text));
}

static void cell(struct view *view, size_t at, size_t column, int width, struct styled *out)
{
    const struct tasks *tasks = view_data(view);
    const struct model_cell *cells = rowset_view_cells(view, at);
    char text[TUI_SITE_TEXT];
    struct model_site where;
    (void)width;
    switch (column) {
    case ID:
        styled_add(out, ROLE_NORMAL, rowset_text(&cells[R_ID]) + (*rowset_text(&cells[R_ID]) == '#'));
        break;
    case STATE:
        add_state(tasks, cells, out);
        break;
    case NAME:
        if (*rowset_text(&cells[R_NAME]))
            styled_add(out, ROLE_NORMAL, rowset_text(&cells[R_NAME]));
        else /* nobody gave it one */
            styled_add(out, ROLE_DIM, rowset_text(&cells[R_CORO]));
        break;
    case CORO:
        styled_add(out, ROLE_NORMAL, rowset_text(&cells[R_CORO]));
        break;
    case WAIT:
        if (rowset_number(&cells[R_WAIT]) != MODEL_NEVER)
            rowset_add_duration(&cells[R_WAIT], view->tui->ascii, out);
        break;
    case RUN:
        rowset_add_duration(&cells[R_RUN], view->tui->ascii, out);
        break;
    case POLLS:
        if (rowset_number(&cells[R_POLLS]) == MODEL_NEVER)
            rowset_add_duration(&cells[R_POLLS], view->tui->ascii, out);
        else
            styled_format(out, ROLE_NORMAL, "%lld", (long long)rowset_number(&cells[R_POLLS]));
        break;
    case WAITS_FOR:
        styled_add(out, ROLE_NORMAL, rowset_text(&cells[R_WAITS_FOR]));
        break;
    case SITE:
        where = site_of(cells);
        styled_add(out, ROLE_NORMAL, tui_site_text(view->tui, &where, text));
        break;
    case AGE:
        rowset_add_duration(&cells[R_AGE], view->tui->ascii, out);
        break;
    case PARENT:
        styled_add(out, ROLE_NORMAL, rowset_text(&cells[R_PARENT]));
        break;
    case ERR:
        styled_add(out, ROLE_ERROR, rowset_text(&cells[R_ERR]));
        break;
    case CREATED:
        add_created(view, at, out);
        break;
    }
}

static size_t find(struct view *view, struct model_ref ref)
{
    struct tasks *tasks = view_data(view);
    return rowset_find(&tasks->rows, ref);
}

static bool site(struct view *view, size_t at, struct model_site *out)
{
    *out = site_of(rowset_view_cells(view, at));
    return out->file != NULL;
}

static char *narrow(struct view *view, size_t at, size_t column, bool without)
{
    static const int read[] = {
        [ID] = R_ID,         [STATE] = R_STATE, [NAME] = R_NAME,           [CORO] = R_CORO, [WAIT] = R_WAIT,
        [RUN] = R_RUN,       [POLLS] = R_POLLS, [WAITS_FOR] = R_WAITS_FOR, [SITE] = R_SITE, [AGE] = R_AGE,
        [PARENT] = R_PARENT, [ERR] = R_ERR,     [CREATED] = R_CREATED};
    struct tasks *tasks = view_data(view);
    return rowset_narrow(&tasks->rows, at, (size_t)read[column], columns[column].name, without);
}

/* ---- detail ---- */

static const struct model_spread *spread_of(struct view *view, int64_t id)
{
    struct tasks *tasks = view_data(view);
    if (tasks->spread_of != id)
        tasks->spread_result = model_spread_of_waits(view->tui->trace, id, &tasks->spread);
    tasks->spread_of = id;
    return tasks->spread_result == 0 ? &tasks->spread : NULL;
}

static void add_state_line(struct view *view, const struct model_cell *cells, struct lines *out)
{
    char text[MODEL_TIME_TEXT];
    int64_t wait = rowset_number(&cells[R_WAIT]), polls = rowset_number(&cells[R_POLLS]);
    struct styled *line = lines_label(out, "state");
    styled_add(line, ROLE_NORMAL, rowset_text(&cells[R_STATE]));
    if (wait != MODEL_NEVER)
        styled_format(line, ROLE_NORMAL, " %s", model_duration_text(wait, text));
    styled_format(line, ROLE_NORMAL, "    created %s",
                  tui_time_text(view->tui, rowset_number(&cells[R_CREATED]), text));
    if (*rowset_text(&cells[R_PARENT]))
        styled_format(line, ROLE_NORMAL, " by %s", rowset_text(&cells[R_PARENT]));
    if (polls != MODEL_NEVER)
        styled_format(line, ROLE_NORMAL, "    %lld polls, ran %s", (long long)polls,
                      model_duration_text(rowset_number(&cells[R_RUN]), text));
}

/* `#31 "worker-0"  waiting`; `#1 app  done` where nobody gave it a name. */
static void add_title(const struct model_cell *cells, struct buffer *out)
{
    const char *name = rowset_text(&cells[R_NAME]), *coro = rowset_text(&cells[R_CORO]);
    const struct model_subject subject = {.name = *name ? name : NULL, .coro = *coro ? coro : NULL};
    const char *label = model_label(&subject), *quote = model_given_name(&subject) ? "\"" : "";
    buffer_format(out, "%s%s%s%s%s  %s", rowset_text(&cells[R_ID]), *label ? " " : "", quote, label, quote,
                  rowset_text(&cells[R_STATE]));
}

static void detail(struct view *view, size_t at, enum detail_tab tab, struct detail *out)
{
    struct tasks *tasks = view_data(view);
    const struct model_cell *cells = rowset_view_cells(view, at);
    struct model_ref ref = rowset_ref(&cells[R_ID]);
    if (ref.kind == MODEL_NONE)
        return;
    if (tab == DETAIL_MAIN) {
        const struct model_spread *spread = spread_of(view, ref.id);
        add_state_line(view, cells, &out->lines);
        if (spread)
            spread_lines(spread, "waits", view->tui->ascii, &out->lines);
        if (spread && tasks->histogram)
            spread_histogram(spread, view->tui->ascii, &out->lines);
    }
    detail_subject(view->tui, ref, tab, out);
    buffer_clear(&out->title); /* its state is the one that the list shows */
    add_title(cells, &out->title);
}

static struct effect act(struct view *view, enum action action, const char *argument)
{
    struct tasks *tasks = view_data(view);
    if (action == ACTION_SQL)
        return rowset_open_sql(&tasks->rows, argument);
    if (action != ACTION_HISTOGRAM)
        return effect_of(EFFECT_NONE);
    tasks->histogram = !tasks->histogram;
    return effect_of(EFFECT_REDRAW);
}

/* ---- around the list ---- */

static int64_t badge(const struct tui *tui)
{
    return tui->snapshot->run.tasks;
}

const struct view_ops view_tasks = {
    .name = "tasks",
    .title = "Tasks",
    .brief = "Tasks",
    .digit = 2,
    .columns = columns,
    .columns_count = sizeof columns / sizeof *columns,
    .times = 1u << CREATED,
    .hints = hints,
    .size = sizeof(struct tasks),
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
    .badge = badge,
    .counts = rowset_view_counts,
    .empty = rowset_view_empty,
};
