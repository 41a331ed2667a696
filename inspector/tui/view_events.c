/* Events: what happened, in order of time. The first thousands are there at once; all of them when somebody goes to
 * their end. */
#include "detail.h"
#include "rowset.h"
#include "spread_lines.h"

#include <stdio.h>
#include <string.h>

#define AT_ONCE       20000 /* events that are read when the view opens */
#define SEARCHED      2000  /* rows that one key looks at */
#define SOURCE_AROUND 3

#define DENSITY_BINS   64
#define DENSITY_PROBES 256 /* rows whose time is looked at */

struct events {
    struct rowset rows; /* first: rowset.h */
    bool histogram;
    struct {
        bool known;
        int64_t from, to;
        size_t bins[DENSITY_BINS];
    } density; /* of the rows that there are */
};

/* What is read of a row, in this order. */
enum { R_TIME, R_KIND, R_SUBJECT, R_NAME, R_BY, R_BY_NAME, R_WHAT, R_FILE, R_LINE, R_FUNC, R_SITE };
static const char read_columns[] = "time,kind,subject,name,by,by-name,what,file,line,func,site";

enum { TIME, DELTA, TASK, KIND, WHAT, SITE };
static const struct table_column columns[] = {
    [TIME] = {"time", "TIME +", "TIME", 0, 12, 12, 0, ALIGN_RIGHT, true, false},
    [DELTA] = {"delta", "dT", NULL, 3, 8, 7, 0, ALIGN_RIGHT, false, false},
    [TASK] = {"subject", "TASK", NULL, 0, 16, 8, 1, ALIGN_LEFT, true, false},
    [KIND] = {"kind", "KIND", NULL, 0, 14, 8, 0, ALIGN_LEFT, true, false},
    [WHAT] = {"what", "WHAT", NULL, 1, 21, 10, 3, ALIGN_LEFT, true, false},
    [SITE] = {"site", "SITE", NULL, 2, 16, 12, 1, ALIGN_TAIL, true, false},
};

static const enum action hints[] = {ACTION_HELP,      ACTION_SEARCH,    ACTION_FILTER,  ACTION_SAME_BACK,
                                    ACTION_SAME_ON,   ACTION_KIND_BACK, ACTION_KIND_ON, ACTION_TIMELINE_HERE,
                                    ACTION_HISTOGRAM, ACTION_FOLLOW,    ACTION_QUIT,    ACTION_NONE};

/* ---- rows ---- */

static void forget_density(struct view *view)
{
    struct events *events = view_data(view);
    events->density.known = false;
}

static int open_view(struct view *view)
{
    struct events *events = view_data(view);
    rowset_open(&events->rows, view, "events", read_columns);
    events->rows.limit = AT_ONCE;
    events->rows.changed = forget_density;
    return 0;
}

static void close_view(struct view *view)
{
    struct events *events = view_data(view);
    rowset_close(&events->rows);
}

static int64_t time_at(struct view *view, size_t row)
{
    return rowset_number(&rowset_view_cells(view, row)[R_TIME]);
}

/* The first row at or after an instant, in rows that are in order of time. */
static size_t row_at(struct view *view, int64_t at_ns)
{
    size_t low = 0, high = view->table.rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (time_at(view, middle) < at_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int reload(struct view *view, const struct view_args *args)
{
    struct events *events = view_data(view);
    int sort = view->table.sort;
    struct view_args mine = *args;
    mine.ref = (struct model_ref){0}; /* rows are events: no subject is one */
    int rc = rowset_reload(&events->rows, sort >= 0 ? columns[sort].name : NULL, &mine);
    if (rc == 0 && args->at_ns && sort < 0 && view->table.rows && !events->rows.job)
        table_move(&view->table, (int64_t)row_at(view, args->at_ns) - (int64_t)view->table.cursor);
    return rc;
}

static void row(struct view *view, size_t at, struct view_row *out)
{
    struct events *events = view_data(view);
    *out = (struct view_row){.key = rowset_key(&events->rows, at),
                             .ref = rowset_ref(&rowset_view_cells(view, at)[R_SUBJECT])};
}

static size_t find(struct view *view, struct model_ref ref)
{
    (void)ref;
    return view->table.rows;
}

/* ---- cells ---- */

static enum role role_of_kind(const char *kind)
{
    static const struct {
        const char *part;
        enum role role;
    } roles[] = {{"failed", ROLE_ERROR}, {"misuse", ROLE_ERROR}, {"lost", ROLE_ERROR}, {"cancel", ROLE_WARN},
                 {"began", ROLE_RUN},    {"resume", ROLE_RUN},   {"wake", ROLE_READY}, {"await", ROLE_WAIT},
                 {"suspend", ROLE_WAIT}, {"claim", ROLE_DIM},    {"done", ROLE_OK}};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strstr(kind, roles[i].part))
            return roles[i].role;
    return ROLE_NORMAL;
}

/* In microseconds, as events are close: "0.512004". */
static void add_time(struct view *view, size_t at, struct styled *out)
{
    char text[MODEL_TIME_TEXT];
    int64_t above = at ? time_at(view, at - 1) : MODEL_NEVER, ns = time_at(view, at);
    if (ns == MODEL_NEVER)
        styled_add(out, ROLE_DIM, "?");
    else if (view->tui->time == TUI_TIME_RELATIVE || (view->tui->time == TUI_TIME_DELTA && above == MODEL_NEVER))
        styled_format(out, ROLE_NORMAL, "%.6f", (double)ns / 1e9);
    else
        styled_add(out, ROLE_NORMAL, tui_time_below(view->tui, ns, above, text));
}

static void add_delta(struct view *view, size_t at, struct styled *out)
{
    char text[MODEL_TIME_TEXT];
    int64_t before = at ? time_at(view, at - 1) : MODEL_NEVER, delta = model_span(before, time_at(view, at));
    if (delta == MODEL_NEVER || view->table.sort >= 0)
        styled_add(out, ROLE_DIM, "-");
    else
        styled_add(out, delta >= 1000000 ? ROLE_NORMAL : ROLE_DIM, model_duration_text(delta, text));
}

static struct model_site site_of(const struct model_cell *cells)
{
    return rowset_site(&cells[R_FILE], &cells[R_LINE], &cells[R_FUNC]);
}

static void add_who(const struct model_cell *cells, struct styled *out)
{
    const char *name = rowset_text(&cells[R_NAME]);
    styled_add(out, ROLE_NORMAL, rowset_text(&cells[R_SUBJECT]));
    if (*name)
        styled_format(out, ROLE_NORMAL, " %s", name);
}

/* What happened, and at whose doing if it was not its own. */
static void add_what(const struct model_cell *cells, struct styled *out)
{
    const char *what = rowset_text(&cells[R_WHAT]), *by = rowset_text(&cells[R_BY]);
    styled_add(out, ROLE_NORMAL, what);
    if (!*by || strcmp(by, rowset_text(&cells[R_SUBJECT])) == 0)
        return;
    styled_format(out, ROLE_NORMAL, "%sby %s", *what ? "  " : "", by);
    if (*rowset_text(&cells[R_BY_NAME]))
        styled_format(out, ROLE_NORMAL, " %s", rowset_text(&cells[R_BY_NAME]));
}

static void cell(struct view *view, size_t at, size_t column, int width, struct styled *out)
{
    const struct model_cell *cells = rowset_view_cells(view, at);
    char text[TUI_SITE_TEXT];
    struct model_site where;
    (void)width;
    switch (column) {
    case TIME:
        add_time(view, at, out);
        break;
    case DELTA:
        add_delta(view, at, out);
        break;
    case TASK:
        add_who(cells, out);
        break;
    case KIND:
        styled_add(out, role_of_kind(rowset_text(&cells[R_KIND])), rowset_text(&cells[R_KIND]));
        break;
    case WHAT:
        add_what(cells, out);
        break;
    case SITE:
        where = site_of(cells);
        if (where.file)
            styled_add(out, ROLE_NORMAL, tui_site_text(view->tui, &where, text));
        break;
    }
}

static bool site(struct view *view, size_t at, struct model_site *out)
{
    *out = site_of(rowset_view_cells(view, at));
    return out->file != NULL;
}

static char *narrow(struct view *view, size_t at, size_t column, bool without)
{
    static const int read[] = {[TASK] = R_SUBJECT, [KIND] = R_KIND, [WHAT] = R_WHAT, [SITE] = R_SITE};
    struct events *events = view_data(view);
    if (column == TIME || column == DELTA)
        return NULL;
    return rowset_narrow(&events->rows, at, (size_t)read[column], columns[column].name, without);
}

/* ---- detail ---- */

static void add_main(struct view *view, size_t at, struct lines *out)
{
    const struct model_cell *cells = rowset_view_cells(view, at);
    const struct model_site where = site_of(cells);
    char text[TUI_SITE_TEXT];
    struct styled *line = lines_label(out, "event");
    styled_format(line, ROLE_STRONG, "%s of ", rowset_text(&cells[R_KIND]));
    add_who(cells, line);
    line->ref = rowset_ref(&cells[R_SUBJECT]);
    styled_add(lines_label(out, "time"), ROLE_NORMAL, tui_time_text(view->tui, rowset_number(&cells[R_TIME]), text));
    if (*rowset_text(&cells[R_WHAT]))
        styled_add(lines_label(out, "what"), ROLE_NORMAL, rowset_text(&cells[R_WHAT]));
    if (*rowset_text(&cells[R_BY]) && strcmp(rowset_text(&cells[R_BY]), rowset_text(&cells[R_SUBJECT])) != 0) {
        line = lines_label(out, "by");
        styled_format(line, ROLE_NORMAL, "%s %s", rowset_text(&cells[R_BY]), rowset_text(&cells[R_BY_NAME]));
        line->ref = rowset_ref(&cells[R_BY]);
    }
    if (!where.file)
        return;
    line = lines_label(out, "at");
    if (where.func)
        styled_format(line, ROLE_NORMAL, "%s ", where.func);
    styled_add(line, ROLE_NORMAL, tui_site_text(view->tui, &where, text));
    detail_source(view->tui, &where, SOURCE_AROUND, out);
}

static void detail(struct view *view, size_t at, enum detail_tab tab, struct detail *out)
{
    const struct model_cell *cells = rowset_view_cells(view, at);
    struct model_ref ref = rowset_ref(&cells[R_SUBJECT]);
    const struct model_site where = site_of(cells);
    struct detail other = {0};
    buffer_format(&out->title, "event %zu", at + 1);
    if (tab == DETAIL_MAIN) {
        add_main(view, at, &out->lines);
    } else if (tab == DETAIL_SOURCE) {
        detail_source(view->tui, &where, 4 * SOURCE_AROUND, &out->lines);
    } else if (ref.kind != MODEL_NONE) {
        detail_subject(view->tui, ref, tab, &other);
        buffer_free(&other.title);
        out->lines = other.lines;
    }
}

/* ---- from event to event ---- */

/* The next row, or the one before, whose cell is the same as at the cursor. */
static struct effect go_same(struct view *view, size_t column, bool forward)
{
    struct table *table = &view->table;
    char wanted[256];
    if (table->rows == 0)
        return effect_of(EFFECT_HANDLED);
    snprintf(wanted, sizeof wanted, "%s", rowset_text(&rowset_view_cells(view, table->cursor)[column]));
    size_t at = table->cursor;
    for (size_t tries = 0; tries < SEARCHED; tries++) {
        at = forward ? at + 1 : at - 1;
        if (at >= table->rows)
            break;
        if (strcmp(rowset_text(&rowset_view_cells(view, at)[column]), wanted) != 0)
            continue;
        table_move(table, (int64_t)at - (int64_t)table->cursor);
        return effect_of(EFFECT_REDRAW);
    }
    tui_say(view->tui, ROLE_DIM,
            at < table->rows ? "not among the next %d rows: a filter finds it" : "there is no other", SEARCHED);
    return effect_of(EFFECT_HANDLED);
}

/* Going beyond what was read at once reads the rest. */
static struct effect go_on(struct view *view)
{
    struct events *events = view_data(view);
    if (!rowset_is_cut(&events->rows) || events->rows.job)
        return effect_of(EFFECT_NONE);
    rowset_read_all(&events->rows);
    return effect_of(EFFECT_REDRAW);
}

static struct effect act(struct view *view, enum action action, const char *argument)
{
    struct events *events = view_data(view);
    bool at_end = view->table.cursor + 1 >= view->table.rows;
    switch (action) {
    case ACTION_SQL:
        return rowset_open_sql(&events->rows, argument);
    case ACTION_SAME_BACK:
        return go_same(view, R_SUBJECT, false);
    case ACTION_SAME_ON:
        return go_same(view, R_SUBJECT, true);
    case ACTION_KIND_BACK:
        return go_same(view, R_KIND, false);
    case ACTION_KIND_ON:
        return go_same(view, R_KIND, true);
    case ACTION_HISTOGRAM:
        events->histogram = !events->histogram;
        return effect_of(EFFECT_REDRAW);
    case ACTION_LAST:
        return go_on(view);
    case ACTION_DOWN:
    case ACTION_PAGE_DOWN:
    case ACTION_HALF_DOWN:
        return at_end ? go_on(view) : effect_of(EFFECT_NONE);
    default:
        return effect_of(EFFECT_NONE);
    }
}

/* ---- around the list ---- */

/* From a few rows, evenly spread: how many events fall into each part of the time. */
static void find_density(struct view *view)
{
    struct events *events = view_data(view);
    size_t rows = view->table.rows, probes = rows < DENSITY_PROBES ? rows : DENSITY_PROBES;
    memset(&events->density, 0, sizeof events->density);
    events->density.known = true;
    if (rows < 2)
        return;
    events->density.from = time_at(view, 0);
    events->density.to = time_at(view, rows - 1);
    double length = (double)events->density.to - (double)events->density.from;
    for (size_t i = 0; i < probes; i++) {
        double part = ((double)time_at(view, i * (rows / probes)) - (double)events->density.from) / length;
        if (part >= 0 && part <= 1)
            events->density.bins[part < 1 ? (size_t)(part * DENSITY_BINS) : DENSITY_BINS - 1]++;
    }
}

static void below(struct view *view, int width, struct lines *out)
{
    struct events *events = view_data(view);
    char text[MODEL_TIME_TEXT];
    (void)width;
    if (!events->histogram || view->table.sort >= 0)
        return;
    if (!events->density.known)
        find_density(view);
    struct styled *line = lines_add(out);
    styled_format(line, ROLE_DIM, "   density %s |", tui_time_text(view->tui, events->density.from, text));
    spread_bars(events->density.bins, DENSITY_BINS, ROLE_ACCENT, view->tui->ascii, line);
    styled_format(line, ROLE_DIM, "| %s", tui_time_text(view->tui, events->density.to, text));
}

static void status(struct view *view, struct styled *out)
{
    const struct events *events = view_data(view);
    if (rowset_is_cut(&events->rows) && !events->rows.filter)
        styled_add(out, ROLE_DIM, "G reads all events");
}

const struct view_ops view_events = {
    .name = "events",
    .title = "Events",
    .brief = "Ev",
    .digit = 6,
    .columns = columns,
    .columns_count = sizeof columns / sizeof *columns,
    .times = 1u << TIME,
    .hints = hints,
    .size = sizeof(struct events),
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
    .below = below,
    .counts = rowset_view_counts,
    .status = status,
    .empty = rowset_view_empty,
};
