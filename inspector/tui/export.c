#include "export.h"
#include "escape.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A way to write rows: each cell is text without control bytes (styled.h escapes). */
struct form {
    const char *suffix, *begin, *end;
    void (*row)(FILE *out, const struct table *table, const struct buffer *cells, bool header, bool last);
};

static bool is_shown(const struct table *table, size_t column)
{
    return !(table->hidden & (1u << column));
}

/* A text with `escaped` before each character of `special`. */
static void put_escaped(FILE *out, const char *text, const char *special, char escape)
{
    for (; *text; text++) {
        if (strchr(special, *text))
            putc(escape, out);
        putc(*text, out);
    }
}

static void csv_row(FILE *out, const struct table *table, const struct buffer *cells, bool header, bool last)
{
    const char *separator = "";
    (void)last;
    for (size_t i = 0; i < table->columns_count; i++) {
        if (!is_shown(table, i))
            continue;
        const char *text = header ? table->columns[i].name : buffer_text(&cells[i]);
        fprintf(out, "%s\"", separator);
        put_escaped(out, text, "\"", '"');
        putc('"', out);
        separator = ",";
    }
    putc('\n', out);
}

static void json_row(FILE *out, const struct table *table, const struct buffer *cells, bool header, bool last)
{
    const char *separator = "  {";
    if (header)
        return;
    for (size_t i = 0; i < table->columns_count; i++) {
        if (!is_shown(table, i))
            continue;
        fprintf(out, "%s\"", separator);
        put_escaped(out, table->columns[i].name, "\"\\", '\\');
        fputs("\": \"", out);
        put_escaped(out, buffer_text(&cells[i]), "\"\\", '\\');
        putc('"', out);
        separator = ", ";
    }
    fputs(last ? "}\n" : "},\n", out);
}

static void md_row(FILE *out, const struct table *table, const struct buffer *cells, bool header, bool last)
{
    (void)last;
    for (size_t i = 0; i < table->columns_count; i++) {
        if (!is_shown(table, i))
            continue;
        fputs("| ", out);
        put_escaped(out, header ? table->columns[i].name : buffer_text(&cells[i]), "|\\`*_<", '\\');
        putc(' ', out);
    }
    fputs("|\n", out);
    for (size_t i = 0; header && i < table->columns_count; i++)
        if (is_shown(table, i))
            fputs(table->columns[i].align == ALIGN_RIGHT ? "|---:" : "|---", out);
    if (header)
        fputs("|\n", out);
}

static void text_row(FILE *out, const struct table *table, const struct buffer *cells, bool header, bool last)
{
    struct buffer line = {0};
    (void)last;
    for (size_t i = 0; i < table->columns_count; i++) {
        if (!is_shown(table, i))
            continue;
        const char *text = header ? table->columns[i].heading : buffer_text(&cells[i]);
        size_t width = (size_t)table->columns[i].width, length = escape_width(text),
               pad = length < width ? width - length : 0;
        if (line.length)
            buffer_add(&line, "  ");
        if (table->columns[i].align == ALIGN_RIGHT)
            buffer_pad(&line, pad, ' ');
        buffer_add(&line, text);
        if (table->columns[i].align != ALIGN_RIGHT)
            buffer_pad(&line, pad, ' ');
    }
    size_t end = line.length;
    while (end && line.text[end - 1] == ' ')
        end--;
    fprintf(out, "%.*s\n", (int)end, buffer_text(&line));
    buffer_free(&line);
}

static const struct form forms[] = {
    {".csv", "", "", csv_row},
    {".json", "[\n", "]\n", json_row},
    {".md", "", "", md_row},
    {"", "", "", text_row}, /* anything else */
};

static const struct form *form_of(const char *path)
{
    size_t length = strlen(path);
    const struct form *form = forms;
    while (*form->suffix &&
           (length < strlen(form->suffix) || strcmp(path + length - strlen(form->suffix), form->suffix) != 0))
        form++;
    return form;
}

static void write_rows(struct view *view, const struct form *form, FILE *out)
{
    struct table *table = &view->table;
    struct buffer cells[TABLE_COLUMNS_MAX] = {0};
    struct styled cell = {0};
    fputs(form->begin, out);
    form->row(out, table, cells, true, table->rows == 0);
    for (size_t row = 0; row < table->rows && !ferror(out); row++) {
        for (size_t i = 0; i < table->columns_count; i++) {
            styled_clear(&cell);
            if (is_shown(table, i))
                view->ops->cell(view, row, i, table->columns[i].width, &cell);
            buffer_clear(&cells[i]);
            buffer_add(&cells[i], buffer_text(&cell.text));
        }
        form->row(out, table, cells, false, row + 1 == table->rows);
    }
    fputs(form->end, out);
    styled_free(&cell);
    for (size_t i = 0; i < TABLE_COLUMNS_MAX; i++)
        buffer_free(&cells[i]);
}

void export_view(struct app *app, const char *path)
{
    struct view *view = app->view;
    FILE *out = *path ? fopen(path, "wxe") : NULL; /* nothing that exists is written over */
    if (!out) {
        tui_say(&app->tui, ROLE_ERROR, "%s: cannot be written: %s", path, *path ? strerror(errno) : "no name");
        return;
    }
    write_rows(view, form_of(path), out);
    bool failed = ferror(out);
    failed = fclose(out) != 0 || failed;
    if (failed)
        tui_say(&app->tui, ROLE_ERROR, "%s: could not all be written", path);
    else
        tui_say(&app->tui, ROLE_OK, "%zu rows written to %s", view->table.rows, path);
}
