#include "words/tree_cells.h"
#include "words/words.h"

#define INDENTS_MAX 30 /* deeper rows tell their depth in figures */

const char *tree_heading(enum model_forest_by by, enum tree_column column)
{
    static const char *const names[] = {"WAITER -> BLOCKER", "BLOCKER <- WAITER", "CREATOR -> CREATED"};
    static const char *const waits[TREE_COLUMNS] = {NULL, "FOR", "REASON", "SITE"};
    static const char *const spawns[TREE_COLUMNS] = {NULL, "LIFE", "STATE", "SITE"};
    return column == TREE_NAME ? names[by] : by == MODEL_BY_SPAWN ? spawns[column] : waits[column];
}

const char *tree_title(enum model_forest_by by)
{
    static const char *const titles[] = {"who waits for whom", "who holds up whom", "who created whom"};
    return titles[by];
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

void tree_counts(struct buffer *out, const struct model_forest *forest)
{
    buffer_format(out, "%zu root%s, %zu %s%s", forest->roots, plural(forest->roots), forest->edges,
                  forest->by == MODEL_BY_SPAWN ? "task" : "edge", plural(forest->edges));
}

void tree_instant(struct buffer *out, const struct model_forest *forest)
{
    char text[MODEL_TIME_TEXT];
    static const char *const endings[] = {[MODEL_COMPLETE] = " (loop stopped)",
                                          [MODEL_EXITED] = " (exit)",
                                          [MODEL_CRASHED] = " (crash)",
                                          [MODEL_LIVE] = " (so far)",
                                          [MODEL_UNFINISHED] = " (as far as it was recorded)"};
    buffer_format(out, "at %s%s", model_time_text(forest->at_ns, text), forest->at_end ? endings[forest->ending] : "");
}

void tree_cause(struct buffer *out, const struct model_cause *cause)
{
    buffer_add(out, cause->label);
    if (cause->cycle > 1)
        buffer_format(out, " and %zu more wait for each other", cause->cycle - 1);
    else if (cause->cycle)
        buffer_add(out, " waits for itself");
    buffer_format(out, ": would free %zu task%s", cause->frees, plural(cause->frees));
}

/* ---- cells ---- */

static const char *glyph(const struct model_row *rows, size_t index, bool folded)
{
    switch (rows[index].kind) {
    case MODEL_ROW_CYCLE:
        return "^ CYCLE back to ";
    case MODEL_ROW_ABOVE:
        return "= ";
    case MODEL_ROW_MORE:
        return "  ";
    default:
        break;
    }
    bool parent = rows[index].next > index + 1;
    if (!parent && rows[index].ref.kind != MODEL_TASK)
        return "* ";
    return !parent ? "  " : folded ? "> " : "v ";
}

static void add_name(struct buffer *out, const struct model_row *rows, size_t index, bool folded)
{
    const struct model_row *row = &rows[index];
    unsigned indents = row->depth < INDENTS_MAX ? row->depth : INDENTS_MAX;
    buffer_pad(out, (size_t)indents * 2, ' ');
    if (row->depth > INDENTS_MAX)
        buffer_format(out, "(%u) ", row->depth);
    buffer_add(out, glyph(rows, index, folded));
    if (row->kind == MODEL_ROW_MORE) {
        buffer_format(out, "and %zu more", row->more);
        return;
    }
    buffer_add(out, row->label);
    if (row->kind == MODEL_ROW_ABOVE)
        buffer_add(out, " (= above)");
    else if (row->coro && row->kind == MODEL_ROW_NODE)
        buffer_format(out, "  %s", row->coro);
    else if (row->reason && row->ref.kind != MODEL_TASK)
        buffer_format(out, "  %s", row->reason);
    if (folded && rows[index].next > index + 1)
        buffer_format(out, "  (+%zu)", rows[index].next - index - 1);
}

static void add_reason(struct buffer *out, const struct model_row *row)
{
    bool reason = row->reason && row->ref.kind == MODEL_TASK && row->kind == MODEL_ROW_NODE;
    if (reason)
        buffer_add(out, row->reason);
    if (row->above)
        buffer_add(out, " (= above)");
    if (row->note)
        buffer_format(out, "%s%s", reason ? "  " : "", row->note);
}

void tree_cell(struct buffer *out, const struct source_options *source, const struct model_row *rows, size_t index,
               bool folded, enum tree_column column)
{
    const struct model_row *row = &rows[index];
    char text[MODEL_TIME_TEXT];
    switch (column) {
    case TREE_NAME:
        add_name(out, rows, index, folded);
        break;
    case TREE_FOR:
        if (row->for_ns != MODEL_NEVER && row->kind == MODEL_ROW_NODE)
            buffer_add(out, model_duration_text(row->for_ns, text));
        break;
    case TREE_REASON:
        add_reason(out, row);
        break;
    default:
        if (row->site.file && row->kind == MODEL_ROW_NODE)
            words_site(out, source, &row->site);
        break;
    }
}
