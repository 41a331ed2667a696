/* GitHub's Markdown, as a step's summary or a comment takes it: the verdict, a table, and the text report of each group
 * to unfold. Texts of a trace stand in it as character references or between fences that they do not contain. */
#include "escape.h"
#include "report.h"
#include "text/text_group.h"
#include "text/text_lines.h"
#include "words/verdict_words.h"
#include "words/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct markdown {
    const struct report_options *options;
    struct buffer line;
};

/* Nothing in it means anything to Markdown, to HTML, or to a cell of a table. */
static void add_escaped(struct markdown *md, const char *text)
{
    struct buffer plain = {0};
    escape_text(&plain, text, md->options->ascii);
    for (const char *at = buffer_text(&plain); *at; at++) {
        if (strchr("\\`*_[]<>|&~#@$!", *at) || (*at == ':' && at[1] == '/'))
            buffer_format(&md->line, "&#%d;", *at);
        else
            buffer_add_bytes(&md->line, at, 1);
    }
    buffer_free(&plain);
}

static void add_buffer(struct markdown *md, struct buffer *words)
{
    add_escaped(md, buffer_text(words));
    buffer_free(words);
}

static void end_line(struct markdown *md)
{
    fprintf(md->options->out, "%s\n", buffer_text(&md->line));
    buffer_clear(&md->line);
}

/* Adds the text between fences longer than any run of backticks in it. */
static void add_fenced(struct markdown *md, const char *text)
{
    struct buffer fence = {0};
    size_t longest = 2, run = 0;
    for (const char *at = text; *at; at++) {
        run = *at == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    buffer_pad(&fence, longest + 1, '`');
    buffer_format(&md->line, "%stext\n", buffer_text(&fence));
    buffer_add(&md->line, text);
    buffer_add(&md->line, buffer_text(&fence));
    buffer_free(&fence);
}

/* ---- check ---- */

static void add_row(struct markdown *md, const struct report_trace *trace, const struct model_group *group)
{
    struct buffer words = {0};
    enum words_status status = words_status_of(group);
    buffer_format(&md->line, "| %s | ", words_status(status));
    add_escaped(md, group->class);
    buffer_format(&md->line, " | %zu | ", group->count);
    words_headline(&words, trace->snapshot, group);
    add_buffer(md, &words);
    buffer_add(&md->line, " | ");
    words_site(&words, &md->options->source, &group->examples[0].subject.site);
    add_buffer(md, &words);
    buffer_format(&md->line, " | %08x |", group->fingerprint);
    if (status == WORDS_SUPPRESSED)
        words_suppressed(&words, group);
    else
        words_standing(&words, group);
    buffer_add(&md->line, " ");
    add_buffer(md, &words);
    buffer_add(&md->line, " |");
    end_line(md);
}

static void add_details(struct markdown *md, const struct report_trace *trace, const struct model_group *group)
{
    struct buffer words = {0};
    char *text = text_group_plain(md->options, trace->snapshot, group);
    buffer_add(&md->line, "\n<details><summary>");
    words_headline(&words, trace->snapshot, group);
    add_buffer(md, &words);
    buffer_add(&md->line, "</summary>\n\n");
    add_fenced(md, text);
    buffer_add(&md->line, "\n</details>");
    end_line(md);
    free(text);
}

static void one_trace(struct markdown *md, const struct report_trace *trace)
{
    const struct model_snapshot *snapshot = trace->snapshot;
    struct buffer words = {0};
    buffer_add(&md->line, "### leash: ");
    add_escaped(md, trace->path);
    end_line(md);
    buffer_add(&md->line, "\n**");
    verdict_result(&words, md->options, trace->verdict.code);
    add_buffer(md, &words);
    buffer_add(&md->line, "** ");
    verdict_sentence(&words, md->options, trace);
    add_buffer(md, &words);
    end_line(md);
    if (!snapshot || snapshot->groups_count == 0)
        return;
    buffer_add(&md->line, "\n| | class | count | what | where | id | note |\n|---|---|--:|---|---|---|---|");
    end_line(md);
    for (size_t i = 0; i < snapshot->groups_count; i++)
        add_row(md, trace, &snapshot->groups[i]);
    for (size_t i = 0; i < snapshot->groups_count; i++)
        if (words_status_of(&snapshot->groups[i]) <= WORDS_WARNING)
            add_details(md, trace, &snapshot->groups[i]);
}

static void check(const struct report_options *options, const struct report_trace *traces, size_t count, int code)
{
    struct markdown md = {.options = options};
    (void)code;
    for (size_t i = 0; i < count; i++) {
        if (i)
            end_line(&md);
        one_trace(&md, &traces[i]);
    }
    buffer_free(&md.line);
}

/* ---- one subject, tables ---- */

static void detail(const struct report_options *options, const struct model_detail *subject)
{
    struct markdown md = {.options = options};
    struct report_options plain = *options;
    char *text = NULL;
    size_t length;
    plain.colour = false;
    plain.out = open_memstream(&text, &length);
    if (!plain.out)
        return;
    text_detail(&plain, subject);
    if (fclose(plain.out) == 0)
        add_fenced(&md, text);
    end_line(&md);
    free(text);
    buffer_free(&md.line);
}

static void add_cell(struct markdown *md, struct model_table *rows, size_t column)
{
    char text[MODEL_TIME_TEXT];
    struct buffer words = {0};
    struct model_cell cell = model_table_cell(rows, column);
    enum model_unit unit = model_table_unit(rows, column);
    if (cell.kind == MODEL_CELL_INTEGER && unit == MODEL_PLAIN)
        buffer_format(&words, "%" PRId64, cell.integer);
    else if (cell.kind == MODEL_CELL_INTEGER)
        buffer_add(&words,
                   unit == MODEL_TIME ? model_time_text(cell.integer, text) : model_duration_text(cell.integer, text));
    else if (cell.kind == MODEL_CELL_REAL)
        buffer_format(&words, "%.15g", cell.real);
    else if (cell.kind != MODEL_CELL_NULL)
        escape_add(&words, cell.text, cell.length, md->options->ascii);
    buffer_add(&md->line, " ");
    add_buffer(md, &words);
    buffer_add(&md->line, " |");
}

static int table(const struct report_options *options, struct model_table *rows)
{
    struct markdown md = {.options = options};
    size_t columns = model_table_columns(rows);
    int rc;
    buffer_add(&md.line, "|");
    for (size_t i = 0; i < columns; i++) {
        buffer_add(&md.line, " ");
        add_escaped(&md, model_table_heading(rows, i));
        buffer_add(&md.line, " |");
    }
    end_line(&md);
    buffer_add(&md.line, "|");
    for (size_t i = 0; i < columns; i++)
        buffer_add(&md.line, "---|");
    end_line(&md);
    while ((rc = model_table_next(rows)) > 0) {
        buffer_add(&md.line, "|");
        for (size_t i = 0; i < columns; i++)
            add_cell(&md, rows, i);
        end_line(&md);
    }
    buffer_free(&md.line);
    return rc;
}

const struct report_format report_md = {"md", check, detail, table};
