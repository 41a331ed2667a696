/* RFC 4180, a header first. A spreadsheet takes a field that begins with =, +, - or @ for a formula: such a text gets
 * an apostrophe before it. Texts are escaped as on a terminal, so that no control byte is in a field. */
#include "escape.h"
#include "words/headline.h"
#include "report.h"
#include "words/verdict_words.h"
#include "words/words.h"

#include <inttypes.h>
#include <string.h>

struct csv {
    const struct report_options *options;
    struct buffer line;
    bool begun; /* a field stands in the line */
};

static void add_field(struct csv *csv, const char *text, size_t length)
{
    struct buffer field = {0};
    escape_add(&field, text, length, csv->options->ascii);
    const char *shown = buffer_text(&field);
    bool formula = *shown && strchr("=+-@", *shown), quoted = formula || strpbrk(shown, "\", ");
    buffer_add(&csv->line, csv->begun ? "," : "");
    buffer_add(&csv->line, quoted ? "\"" : "");
    buffer_add(&csv->line, formula ? "'" : "");
    for (; *shown; shown++)
        *shown == '"' ? buffer_add(&csv->line, "\"\"") : buffer_add_bytes(&csv->line, shown, 1);
    buffer_add(&csv->line, quoted ? "\"" : "");
    csv->begun = true;
    buffer_free(&field);
}

static void add_text(struct csv *csv, const char *text)
{
    add_field(csv, text ? text : "", text ? strlen(text) : 0);
}

static void add_buffer(struct csv *csv, struct buffer *words)
{
    add_text(csv, buffer_text(words));
    buffer_free(words);
}

/* A number is none that a spreadsheet would run. */
static void add_integer(struct csv *csv, int64_t number)
{
    buffer_format(&csv->line, "%s%" PRId64, csv->begun ? "," : "", number);
    csv->begun = true;
}

static void add_time(struct csv *csv, int64_t ns)
{
    if (ns == MODEL_NEVER)
        add_text(csv, NULL);
    else
        add_integer(csv, ns);
}

static void end_line(struct csv *csv)
{
    fprintf(csv->options->out, "%s\r\n", buffer_text(&csv->line));
    buffer_clear(&csv->line);
    csv->begun = false;
}

/* ---- check ---- */

/* Lines of words that have a column of their own, by their label. */
static const char *const labels[] = {"created by", "failed with", "stopped at", "waits for", "await chain", "cycle",
                                     "fate",       "handle",      "others",     "also",      "hint"};
#define LABELS (sizeof labels / sizeof *labels)

static void add_heading(struct csv *csv)
{
    static const char *const before[] = {"trace",   "status",      "class", "severity", "id",   "count",
                                         "victims", "fingerprint", "file",  "line",     "func", "message"};
    static const char *const after[] = {"suppress", "suppressed_by", "suppressed_at", "standing",
                                        "accepted", "first_ns",      "last_ns"};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        add_text(csv, before[i]);
    for (size_t i = 0; i < LABELS; i++) {
        char name[16];
        snprintf(name, sizeof name, "%s", labels[i]);
        for (char *at = name; (at = strchr(at, ' ')); *at = '_')
            ;
        add_text(csv, name);
    }
    for (size_t i = 0; i < sizeof after / sizeof *after; i++)
        add_text(csv, after[i]);
    end_line(csv);
}

/* Lines with a label, and those without one that go on with it. */
static void add_labelled(struct csv *csv, const struct words *words, const char *label)
{
    struct buffer field = {0};
    bool within = false;
    for (size_t i = 0; i < words->count; i++) {
        const struct words_line *line = &words->lines[i];
        within = *line->label ? strcmp(line->label, label) == 0 : within;
        if (within)
            buffer_format(&field, "%s%s", field.length ? "; " : "", buffer_text(&line->text));
    }
    add_buffer(csv, &field);
}

static void add_group(struct csv *csv, const struct report_trace *trace, const struct model_group *group)
{
    const struct model_subject *first = &group->examples[0].subject;
    struct words words = {.source = &csv->options->source};
    struct buffer text = {0};
    char ref[MODEL_REF_TEXT];
    words_add_group(&words, trace->snapshot, group);
    add_text(csv, trace->path);
    add_text(csv, words_status(words_status_of(group)));
    add_text(csv, group->class);
    add_text(csv, group->fails ? "error" : "warning");
    add_text(csv, first->ref.kind == MODEL_NONE ? NULL : model_ref_text(first->ref, ref));
    add_integer(csv, (int64_t)group->count);
    add_integer(csv, (int64_t)group->victims);
    buffer_format(&text, "%08x", group->fingerprint);
    add_buffer(csv, &text);
    add_text(csv, words_file(&csv->options->source, &first->site));
    if (first->site.file)
        add_integer(csv, first->site.line);
    else
        add_text(csv, NULL);
    add_text(csv, first->site.func);
    words_headline(&text, trace->snapshot, group);
    add_buffer(csv, &text);
    for (size_t i = 0; i < LABELS; i++)
        add_labelled(csv, &words, labels[i]);
    headline_add_suppression(&text, group);
    add_buffer(csv, &text);
    add_text(csv, group->suppressed_by);
    add_text(csv, group->suppressed_at);
    words_standing(&text, group);
    add_buffer(csv, &text);
    add_integer(csv, (int64_t)group->accepted);
    add_time(csv, group->first_ns);
    add_time(csv, group->last_ns);
    end_line(csv);
    words_free(&words);
}

/* A trace that nothing can be concluded from is a row without a class: a table of nothing would look clean. */
static void add_trouble(struct csv *csv, const struct report_trace *trace)
{
    static const size_t message = 11, columns = 12 + LABELS + 7;
    struct buffer text = {0};
    bool unreadable = !trace->snapshot;
    if (!unreadable && trace->verdict.code != EXIT_INCONCLUSIVE)
        return;
    if (unreadable)
        buffer_add(&text, trace->trouble);
    else
        verdict_reason(&text, trace->snapshot);
    add_text(csv, trace->path);
    add_text(csv, unreadable ? "unreadable" : "inconclusive");
    for (size_t i = 2; i < columns; i++)
        add_text(csv, i == message ? buffer_text(&text) : NULL);
    buffer_free(&text);
    end_line(csv);
}

static void check(const struct report_options *options, const struct report_trace *traces, size_t count, int code)
{
    struct csv csv = {.options = options};
    (void)code;
    add_heading(&csv);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; traces[i].snapshot && j < traces[i].snapshot->groups_count; j++)
            add_group(&csv, &traces[i], &traces[i].snapshot->groups[j]);
        add_trouble(&csv, &traces[i]);
    }
    buffer_free(&csv.line);
}

/* ---- tables ---- */

static void add_cell(struct csv *csv, const struct model_cell *cell)
{
    char number[32];
    switch (cell->kind) {
    case MODEL_CELL_INTEGER:
        add_integer(csv, cell->integer);
        break;
    case MODEL_CELL_REAL:
        snprintf(number, sizeof number, "%.15g", cell->real);
        buffer_format(&csv->line, "%s%s", csv->begun ? "," : "", number);
        csv->begun = true;
        break;
    case MODEL_CELL_TEXT:
    case MODEL_CELL_BLOB:
        add_field(csv, cell->text, cell->length);
        break;
    default:
        add_text(csv, NULL);
        break;
    }
}

static int table(const struct report_options *options, struct model_table *rows)
{
    struct csv csv = {.options = options};
    size_t columns = model_table_columns(rows);
    int rc;
    for (size_t i = 0; i < columns; i++)
        add_text(&csv, model_table_heading(rows, i));
    end_line(&csv);
    while ((rc = model_table_next(rows)) > 0) {
        for (size_t i = 0; i < columns; i++) {
            struct model_cell cell = model_table_cell(rows, i);
            add_cell(&csv, &cell);
        }
        end_line(&csv);
    }
    buffer_free(&csv.line);
    return rc;
}

const struct report_format report_csv = {"csv", check, NULL, table};
