/* SQL: a statement, read-only, and its rows. What a row names by an id can be opened. */
#include "escape.h"
#include "prompt.h"
#include "sql_query.h"
#include "sql_schema.h"
#include "view.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMN_WIDEST 48
#define FILTER_IDS    200 /* of a filter made of a result */

#define BEGINNING "SELECT " /* of a new statement */

struct sql {
    struct prompt line; /* open while it is edited */
    char *statement;    /* that was run last; NULL: none */
    bool running, as_filter;
    struct sql_result result;
    struct sql_schema schema;
    struct table_column columns[TABLE_COLUMNS_MAX];
    struct buffer where; /* of the effect that opens Tasks */
};

static const enum action hints[] = {ACTION_HELP,   ACTION_SQL,  ACTION_OPEN, ACTION_AS_FILTER, ACTION_SORT,
                                    ACTION_EXPORT, ACTION_COPY, ACTION_STOP, ACTION_QUIT,      ACTION_NONE};

static bool is_editing(const struct sql *sql)
{
    return sql->line.kind != PROMPT_NONE;
}

static const char *statement_of(const struct sql *sql)
{
    return is_editing(sql) ? buffer_text(&sql->line.text) : sql->statement ? sql->statement : "";
}

static int open_view(struct view *view)
{
    struct sql *sql = view_data(view);
    sql_schema_load(view->tui, &sql->schema);
    prompt_begin(&sql->line, PROMPT_SQL, BEGINNING);
    return 0;
}

static void close_view(struct view *view)
{
    struct sql *sql = view_data(view);
    sql_result_free(&sql->result);
    sql_schema_free(&sql->schema);
    prompt_free(&sql->line);
    buffer_free(&sql->where);
    free(sql->statement);
}

/* ---- running ---- */

/* Columns of a text as it is shown. */
static size_t shown_width(const char *text)
{
    struct buffer shown = {0};
    escape_text(&shown, text ? text : "NULL", false);
    size_t width = escape_width(buffer_text(&shown));
    buffer_free(&shown);
    return width;
}

static int width_of(const struct sql *sql, size_t column)
{
    size_t widest = shown_width(sql->result.headings[column]);
    for (size_t row = 0; row < sql->result.rows && row < 500; row++) {
        size_t width = shown_width(sql->result.cells[row * sql->result.columns + column].text);
        widest = width > widest ? width : widest;
    }
    return (int)(widest < COLUMN_WIDEST ? widest : COLUMN_WIDEST);
}

static bool is_number(const struct sql *sql, size_t column)
{
    bool number = false;
    for (size_t row = 0; row < sql->result.rows; row++) {
        const struct sql_cell *cell = &sql->result.cells[row * sql->result.columns + column];
        if (cell->text && !cell->number)
            return false;
        number = number || cell->number;
    }
    return number;
}

static void make_columns(struct view *view)
{
    struct sql *sql = view_data(view);
    size_t rows = sql->result.rows;
    int height = view->table.height;
    for (size_t i = 0; i < sql->result.columns; i++) {
        const char *name = sql->result.headings[i];
        int width = width_of(sql, i);
        sql->columns[i] = (struct table_column){.name = name,
                                                .heading = name,
                                                .width = width,
                                                .least = width < 6 ? width : 6,
                                                .priority = (int)i,
                                                .align = is_number(sql, i) ? ALIGN_RIGHT : ALIGN_LEFT};
    }
    table_close(&view->table);
    table_open(&view->table, sql->columns, sql->result.columns);
    table_clamp(&view->table, rows, height);
}

static void take_result(void *owner, struct sql_result *result)
{
    struct view *view = owner;
    struct sql *sql = view_data(view);
    sql->running = false;
    if (*result->why && result->columns == 0) { /* what was shown stays */
        snprintf(sql->result.why, sizeof sql->result.why, "%s", result->why);
        sql_result_free(result);
        prompt_begin(&sql->line, PROMPT_SQL, sql->statement); /* to be mended */
        return;
    }
    sql_result_free(&sql->result);
    sql->result = *result;
    make_columns(view);
}

/* A whole statement that was typed or pasted behind the beginning that stands there already, without that. */
static const char *without_beginning(const char *text)
{
    static const char *const verbs[] = {"SELECT ", "WITH ", "EXPLAIN ", "PRAGMA ", "VALUES "};
    size_t length = strlen(BEGINNING);
    for (size_t i = 0; strncmp(text, BEGINNING, length) == 0 && i < sizeof verbs / sizeof *verbs; i++)
        if (strncasecmp(text + length, verbs[i], strlen(verbs[i])) == 0)
            return text + length;
    return text;
}

static void run(struct view *view, const char *text)
{
    struct sql *sql = view_data(view);
    char *statement = strdup(without_beginning(text)), *end = statement ? strstr(statement, "\\g") : NULL;
    if (!statement)
        return;
    sql->as_filter = end != NULL;
    if (end)
        *end = '\0';
    free(sql->statement);
    sql->statement = statement;
    sql->result.why[0] = '\0';
    sql->running = true;
    sql_query(view->tui, statement, take_result, view);
}

static int reload(struct view *view, const struct view_args *args)
{
    struct sql *sql = view_data(view);
    if (args->sql) {
        prompt_end(&sql->line, false);
        run(view, args->sql);
    }
    view->table.rows = sql->result.rows;
    return 0;
}

/* ---- editing ---- */

static void complete(struct view *view)
{
    struct sql *sql = view_data(view);
    const char *text = buffer_text(&sql->line.text);
    size_t from = sql->line.at;
    while (from && (isalnum((unsigned char)text[from - 1]) || text[from - 1] == '_'))
        from--;
    struct completion completion = {.word = text + from, .length = sql->line.at - from};
    sql_complete(&sql->schema, text, from, &completion);
    completion_take(&completion, &sql->line, view->tui);
}

static struct effect key(struct view *view, int pressed)
{
    struct sql *sql = view_data(view);
    char line[4096];
    if (!is_editing(sql))
        return effect_of(EFFECT_NONE);
    if (pressed == K_TAB) {
        complete(view);
        return effect_of(EFFECT_REDRAW);
    }
    switch (prompt_key(&sql->line, pressed)) {
    case PROMPT_DONE:
        snprintf(line, sizeof line, "%s", buffer_text(&sql->line.text));
        prompt_end(&sql->line, true);
        run(view, line);
        break;
    case PROMPT_CANCELLED:
        prompt_end(&sql->line, false);
        break;
    default:
        break;
    }
    return effect_of(EFFECT_REDRAW);
}

/* ---- rows ---- */

static void row(struct view *view, size_t at, struct view_row *out)
{
    const struct sql *sql = view_data(view);
    *out = (struct view_row){.key = at};
    for (size_t i = 0; i < sql->result.columns && out->ref.kind == MODEL_NONE; i++)
        out->ref = sql_ref(&sql->result, at, i);
}

static void cell(struct view *view, size_t at, size_t column, int width, struct styled *out)
{
    const struct sql *sql = view_data(view);
    const struct sql_cell *it = &sql->result.cells[at * sql->result.columns + column];
    (void)width;
    if (it->text)
        styled_add(out, sql_ref(&sql->result, at, column).kind ? ROLE_ACCENT : ROLE_NORMAL, it->text);
    else
        styled_add(out, ROLE_DIM, "NULL");
}

/* A row names objects, it is none: going to one means to open it. */
static size_t find(struct view *view, struct model_ref ref)
{
    (void)ref;
    return view->table.rows;
}

static size_t targets(struct view *view, size_t at, struct model_ref out[VIEW_TARGETS_MAX])
{
    const struct sql *sql = view_data(view);
    size_t count = 0;
    for (size_t i = 0; i < sql->result.columns && count < VIEW_TARGETS_MAX; i++) {
        struct model_ref ref = sql_ref(&sql->result, at, i);
        if (ref.kind != MODEL_NONE)
            out[count++] = ref;
    }
    return count;
}

/* ---- acting ---- */

/* Tasks, only those that the result names. */
static struct effect open_as_filter(struct view *view)
{
    struct sql *sql = view_data(view);
    size_t count = 0;
    buffer_clear(&sql->where);
    for (size_t row = 0; row < sql->result.rows && count < FILTER_IDS; row++) {
        for (size_t column = 0; column < sql->result.columns; column++) {
            struct model_ref ref = sql_ref(&sql->result, row, column);
            bool id = strcmp(sql->result.headings[column], "id") == 0;
            if (ref.kind == MODEL_TASK || id)
                buffer_format(&sql->where, "%s%lld", count++ ? "|" : "id:",
                              (long long)(id ? sql->result.cells[row * sql->result.columns + column].integer : ref.id));
        }
    }
    if (count == 0) {
        tui_say(view->tui, ROLE_WARN, "no column of the result is a task's id: id, task_id, ...");
        return effect_of(EFFECT_HANDLED);
    }
    return (struct effect){EFFECT_OPEN, "tasks", {.where = buffer_text(&sql->where)}};
}

static struct effect act(struct view *view, enum action action, const char *argument)
{
    struct sql *sql = view_data(view);
    if (action == ACTION_SQL && argument) {
        prompt_end(&sql->line, false);
        run(view, argument);
        return effect_of(EFFECT_REDRAW);
    }
    if (action == ACTION_SQL) {
        prompt_begin(&sql->line, PROMPT_SQL, sql->statement ? sql->statement : BEGINNING);
        return effect_of(EFFECT_REDRAW);
    }
    if (action == ACTION_AS_FILTER)
        return open_as_filter(view);
    if (action == ACTION_OPEN) {
        struct view_row row;
        struct model_ref refs[VIEW_TARGETS_MAX];
        size_t count = view_current(view, &row) ? targets(view, view->table.cursor, refs) : 0;
        if (count)
            return count > 1 ? effect_of(EFFECT_PICK) : effect_open(row.ref);
    }
    return effect_of(EFFECT_NONE);
}

/* The row in full; while a statement is typed, the names that it may use. */
static void detail(struct view *view, size_t at, enum detail_tab tab, struct detail *out)
{
    const struct sql *sql = view_data(view);
    if (is_editing(sql) || tab == DETAIL_RAW) {
        buffer_add(&out->title, "schema  Tab completes names");
        sql_schema_lines(&sql->schema, statement_of(sql), &out->lines);
        return;
    }
    buffer_format(&out->title, "row %zu", at + 1);
    for (size_t i = 0; i < sql->result.columns; i++) {
        const char *text = sql->result.cells[at * sql->result.columns + i].text;
        styled_add(lines_label(&out->lines, sql->result.headings[i]), text ? ROLE_NORMAL : ROLE_DIM,
                   text ? text : "NULL");
    }
}

/* ---- around the list ---- */

static void above(struct view *view, int width, struct lines *out)
{
    const struct sql *sql = view_data(view);
    struct styled *line = lines_add(out);
    (void)width;
    styled_add(line, ROLE_STRONG, " sql> ");
    line->indent = 6;
    if (is_editing(sql)) {
        const char *text = buffer_text(&sql->line.text);
        char before[4096];
        snprintf(before, sizeof before, "%.*s", (int)sql->line.at, text);
        styled_add(line, ROLE_NORMAL, before);
        styled_add(line, ROLE_BAR, " ");
        styled_add(line, ROLE_NORMAL, text + sql->line.at);
    } else {
        styled_add(line, ROLE_NORMAL, statement_of(sql));
    }
    line = lines_add(out);
    line->indent = 6;
    if (*sql->result.why)
        styled_format(line, ROLE_ERROR, " %s", sql->result.why);
}

static void empty(struct view *view, int width, struct lines *out)
{
    const struct sql *sql = view_data(view);
    (void)width;
    if (sql->statement && !is_editing(sql) && !*sql->result.why && !sql->running)
        styled_add(lines_add(out), ROLE_DIM, "   no rows");
    sql_schema_lines(&sql->schema, statement_of(sql), out);
}

static void crumb(struct view *view, struct styled *out)
{
    (void)view;
    styled_add(out, ROLE_DIM, "read-only");
}

static void counts(struct view *view, struct styled *out)
{
    const struct sql *sql = view_data(view);
    char text[MODEL_TIME_TEXT];
    if (sql->result.columns == 0)
        return;
    styled_format(out, ROLE_NORMAL, "%zu row%s%s", sql->result.rows, sql->result.rows == 1 ? "" : "s",
                  sql->result.cut ? ", and more" : "");
    if (!view->tui->no_clock)
        styled_format(out, ROLE_NORMAL, " in %s", model_duration_text((int64_t)(sql->result.seconds * 1e9), text));
}

static void status(struct view *view, struct styled *out)
{
    const struct sql *sql = view_data(view);
    styled_add(out, ROLE_DIM,
               is_editing(sql) ? "Enter runs it, Tab completes, Up Down: earlier ones, Esc leaves"
                               : "; edits the statement, Enter on a row with an id opens that object");
}

const struct view_ops view_sql = {
    .name = "sql",
    .title = "SQL",
    .brief = "SQL",
    .digit = 7,
    .no_filter = true,
    .hints = hints,
    .size = sizeof(struct sql),
    .open = open_view,
    .close = close_view,
    .reload = reload,
    .row = row,
    .cell = cell,
    .find = find,
    .targets = targets,
    .detail = detail,
    .act = act,
    .key = key,
    .crumb = crumb,
    .counts = counts,
    .above = above,
    .empty = empty,
    .status = status,
};
