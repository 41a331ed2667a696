/* Awaits: who waits for whom at one instant, as a tree from either end. */
#include "awaits.h"
#include "words/tree_cells.h"

#include <errno.h>
#include <stdio.h>

#define JUMPS_MAX 100 /* to what was printed above, on the way to a root cause */

static const struct table_column columns[] = {
    [TREE_NAME] = {"name", "WAITER -> BLOCKER", NULL, 0, 36, 16, 4, ALIGN_LEFT, false, false},
    [TREE_FOR] = {"for", "FOR", NULL, 2, 9, 8, 0, ALIGN_RIGHT, false, false},
    [TREE_REASON] = {"reason", "REASON", NULL, 1, 24, 14, 1, ALIGN_LEFT, false, false},
    [TREE_SITE] = {"site", "SITE", NULL, 3, 14, 12, 2, ALIGN_TAIL, false, false},
};

/* The same with the other end on top. */
static const struct table_column flipped_columns[] = {
    [TREE_NAME] = {"name", "BLOCKER <- WAITER", NULL, 0, 36, 16, 4, ALIGN_LEFT, false, false},
    [TREE_FOR] = {"for", "FOR", NULL, 2, 9, 8, 0, ALIGN_RIGHT, false, false},
    [TREE_REASON] = {"reason", "REASON", NULL, 1, 24, 14, 1, ALIGN_LEFT, false, false},
    [TREE_SITE] = {"site", "SITE", NULL, 3, 14, 12, 2, ALIGN_TAIL, false, false},
};

static const enum action hints[] = {ACTION_HELP,     ACTION_OPEN,   ACTION_UNFOLD, ACTION_FOLD,      ACTION_UNFOLD_ALL,
                                    ACTION_FOLD_ALL, ACTION_FLIP,   ACTION_ROOT,   ACTION_STEP_BACK, ACTION_STEP_ON,
                                    ACTION_COPY,     ACTION_EXPORT, ACTION_QUIT,   ACTION_NONE};

static int open_view(struct view *view)
{
    struct awaits *awaits = view_data(view);
    awaits->by = MODEL_BY_WAITS;
    return 0;
}

static int reload(struct view *view, const struct view_args *args)
{
    struct awaits *awaits = view_data(view);
    if (view->where) {
        snprintf(view->wrong.text, sizeof view->wrong.text, "a tree has no filter: / searches it, # goes to an id");
        return -EINVAL;
    }
    if (args->at_ns)
        view->tui->at_ns = args->at_ns;
    awaits->wanted = args->ref;
    bool only_selects = args->ref.kind != MODEL_NONE && awaits->forest.memory && awaits->at_ns == view->tui->at_ns;
    if (!only_selects)
        awaits_ask(view, 0);
    return 0;
}

/* ---- rows ---- */

static size_t index_of(const struct view *view, size_t row)
{
    const struct awaits *awaits = view_data(view);
    return awaits->shown[row];
}

static void row(struct view *view, size_t at, struct view_row *out)
{
    const struct awaits *awaits = view_data(view);
    const struct model_row *told = awaits_row(awaits, at);
    *out = (struct view_row){.key = awaits_key(awaits, index_of(view, at)),
                             .ref = told->ref,
                             .mark = told->stuck ? '!' : 0,
                             .mark_role = ROLE_ERROR,
                             .role = told->kind == MODEL_ROW_CYCLE  ? ROLE_ERROR
                                     : told->kind == MODEL_ROW_NODE ? ROLE_NORMAL
                                                                    : ROLE_DIM};
    if (told->ref.kind == MODEL_SLEEP)
        out->ref.kind = MODEL_TASK;
}

static void cell(struct view *view, size_t at, size_t column, int width, struct styled *out)
{
    const struct awaits *awaits = view_data(view);
    const struct model_row *told = awaits_row(awaits, at);
    struct buffer words = {0};
    size_t index = index_of(view, at);
    (void)width;
    tree_cell(&words, view->tui->source, awaits->forest.rows, index, awaits_is_folded(awaits, index),
              (enum tree_column)column);
    bool cause = column == TREE_REASON && told->note && told->kind == MODEL_ROW_NODE;
    styled_add(out, cause ? ROLE_ERROR : ROLE_NORMAL, buffer_text(&words));
    buffer_free(&words);
}

static size_t find(struct view *view, struct model_ref ref)
{
    struct awaits *awaits = view_data(view);
    size_t index = awaits_find(awaits, ref);
    return index < awaits->forest.count ? awaits_reveal(view, index) : view->table.rows;
}

static bool site(struct view *view, size_t at, struct model_site *out)
{
    *out = awaits_row(view_data(view), at)->site;
    return out->file != NULL;
}

/* ---- actions ---- */

static size_t parent_of(const struct awaits *awaits, size_t index)
{
    size_t at = index;
    while (at && awaits->forest.rows[at].depth >= awaits->forest.rows[index].depth)
        at--;
    return at;
}

static struct effect fold(struct view *view, bool folds)
{
    struct awaits *awaits = view_data(view);
    size_t index = index_of(view, view->table.cursor);
    if (awaits_is_folded(awaits, index) == folds || !awaits_can_fold(awaits, index)) {
        if (folds && awaits->forest.rows[index].depth)
            awaits_go(view, parent_of(awaits, index));
        return effect_of(EFFECT_REDRAW);
    }
    awaits_fold(awaits, index, folds);
    awaits_show(view, index);
    return effect_of(EFFECT_REDRAW);
}

static struct effect fold_all(struct view *view, bool folds)
{
    struct awaits *awaits = view_data(view);
    size_t index = index_of(view, view->table.cursor);
    awaits_fold_all(awaits, folds);
    awaits_show(view, index);
    return effect_of(EFFECT_REDRAW);
}

static struct effect unfold_folded(struct view *view)
{
    struct awaits *awaits = view_data(view);
    return awaits_is_folded(awaits, index_of(view, view->table.cursor)) ? fold(view, false) : effect_of(EFFECT_NONE);
}

static struct effect flip(struct view *view)
{
    struct awaits *awaits = view_data(view);
    awaits->by = awaits->by == MODEL_BY_WAITS ? MODEL_BY_WAITERS : MODEL_BY_WAITS;
    view->table.columns = awaits->by == MODEL_BY_WAITS ? columns : flipped_columns;
    awaits_ask(view, 0);
    return effect_of(EFFECT_REDRAW);
}

static struct effect step(struct view *view, int by)
{
    awaits_ask(view, by);
    return effect_of(EFFECT_REDRAW);
}

/* What has been printed above: the row of what is waited for, or, of a gate, the first row that waits for it. */
static size_t above(const struct awaits *awaits, const struct model_row *told)
{
    size_t at = awaits_find(awaits, told->kind == MODEL_ROW_NODE ? told->waits_for : told->ref);
    for (size_t i = 0; at == awaits->forest.count && i < awaits->forest.count; i++) {
        const struct model_row *other = &awaits->forest.rows[i];
        if (!other->above && other->waits_for.kind == told->waits_for.kind && other->waits_for.id == told->waits_for.id)
            at = i;
    }
    return at;
}

/* Down to what nothing further is waited for, or to where a cycle closes. */
static size_t root_of(const struct awaits *awaits, size_t index)
{
    const struct model_row *rows = awaits->forest.rows;
    if (awaits->by == MODEL_BY_WAITERS) {
        while (rows[index].depth)
            index = parent_of(awaits, index);
        return index;
    }
    for (size_t jumps = 0; jumps < JUMPS_MAX;) {
        bool elsewhere = rows[index].kind == MODEL_ROW_ABOVE || rows[index].above;
        jumps += elsewhere;
        size_t next = elsewhere ? above(awaits, &rows[index]) : index + 1;
        if (next >= awaits->forest.count || (!elsewhere && rows[index].next == index + 1))
            break;
        index = next;
    }
    return index;
}

static struct effect go_to_root(struct view *view)
{
    struct awaits *awaits = view_data(view);
    size_t index = index_of(view, view->table.cursor), root = root_of(awaits, index);
    if (root == index)
        tui_say(view->tui, ROLE_DIM, "this is the root cause itself");
    awaits_go(view, root);
    return effect_of(EFFECT_REDRAW);
}

static struct effect act(struct view *view, enum action action, const char *argument)
{
    (void)argument;
    switch (action) {
    case ACTION_FLIP:
        return flip(view);
    case ACTION_STEP_BACK:
        return step(view, -1);
    case ACTION_STEP_ON:
        return step(view, 1);
    default:
        break;
    }
    if (view->table.rows == 0)
        return effect_of(EFFECT_NONE);
    switch (action) {
    case ACTION_FOLD:
    case ACTION_LEFT:
        return fold(view, true);
    case ACTION_UNFOLD:
    case ACTION_RIGHT:
        return fold(view, false);
    case ACTION_FOLD_ALL:
        return fold_all(view, true);
    case ACTION_UNFOLD_ALL:
        return fold_all(view, false);
    case ACTION_OPEN:
        return unfold_folded(view);
    case ACTION_ROOT:
        return go_to_root(view);
    default:
        return effect_of(EFFECT_NONE);
    }
}

/* ---- around the list ---- */

/* Another view may have moved on to another instant. */
static void follow_instant(struct view *view, int width, struct lines *out)
{
    const struct awaits *awaits = view_data(view);
    (void)width, (void)out;
    if (awaits->at_ns != view->tui->at_ns)
        awaits_ask(view, 0);
}

static void crumb(struct view *view, struct styled *out)
{
    const struct awaits *awaits = view_data(view);
    struct buffer words = {0};
    styled_add(out, ROLE_NORMAL, tree_title(awaits->by));
    if (awaits->forest.memory) {
        tree_instant(&words, &awaits->forest);
        styled_format(out, ROLE_ACCENT, "   %s", buffer_text(&words));
    }
    buffer_free(&words);
}

static void counts(struct view *view, struct styled *out)
{
    const struct awaits *awaits = view_data(view);
    struct buffer words = {0};
    if (!awaits->forest.memory)
        return;
    tree_counts(&words, &awaits->forest);
    styled_add(out, ROLE_NORMAL, buffer_text(&words));
    if (awaits->forest.cut)
        styled_add(out, ROLE_WARN, ", not all shown");
    buffer_free(&words);
}

static void empty(struct view *view, int width, struct lines *out)
{
    const struct awaits *awaits = view_data(view);
    (void)width;
    lines_add(out);
    struct styled *line = lines_add(out);
    line->indent = 3;
    if (*awaits->why)
        styled_format(line, ROLE_ERROR, "   %s", awaits->why);
    else if (awaits->asking)
        styled_add(line, ROLE_DIM, "   reading ...");
    else
        styled_add(line, ROLE_OK, "   Nobody waits.");
    lines_add(out);
    styled_add(lines_add(out), ROLE_DIM, "   [ and ] step to where this changes");
}

static void status(struct view *view, struct styled *out)
{
    (void)view;
    styled_add(out, ROLE_DIM, "time [ ] steps to the previous/next change of this tree");
}

const struct view_ops view_awaits = {
    .name = "awaits",
    .title = "Awaits",
    .brief = "Aw",
    .digit = 3,
    .columns = columns,
    .columns_count = sizeof columns / sizeof *columns,
    .hints = hints,
    .size = sizeof(struct awaits),
    .open = open_view,
    .close = awaits_close,
    .reload = reload,
    .row = row,
    .cell = cell,
    .find = find,
    .site = site,
    .act = act,
    .folds = awaits_folds,
    .refold = awaits_refold,
    .crumb = crumb,
    .counts = counts,
    .above = follow_instant,
    .empty = empty,
    .status = status,
};
