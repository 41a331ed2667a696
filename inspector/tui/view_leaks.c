/* Leaks: the groups of findings, gravest first. The view to copy: it holds nothing but which groups it shows. */
#include "alloc.h"
#include "detail.h"
#include "filter/filter.h"
#include "leaks_columns.h"
#include "leaks_filter.h"
#include "leaks_none.h"
#include "words/headline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE_AROUND      2 /* in the main part of the detail */
#define SOURCE_AROUND_FULL 12

struct leaks {
    const struct model_group **groups; /* into the snapshot: those shown, in the order shown */
    size_t count, objects, suppressed; /* suppressed: how many there are, shown or not */
    struct leaks_matches *matches;     /* what the filter lets pass; NULL: no filter, or not yet known */
    struct model_summary *summary;     /* of a finished trace without leaks; NULL: not yet known */
    bool summing;                      /* it was asked for */
    unsigned asked;                    /* for how many answers is waited: only the last one counts */
};

static const enum action hints[] = {ACTION_HELP, ACTION_SEARCH,    ACTION_FILTER,  ACTION_SORT,
                                    ACTION_OPEN, ACTION_WAITS_FOR, ACTION_AWAITER, ACTION_PARENT,
                                    ACTION_SITE, ACTION_EDIT,      ACTION_QUIT,    ACTION_NONE};

/* ---- rows ---- */

static int by_column(const void *left, const void *right, void *table)
{
    const struct table *by = table;
    const struct model_group *a = *(const struct model_group *const *)left,
                             *b = *(const struct model_group *const *)right;
    int order = leaks_compare(a, b, by->sort);
    if (order == 0)
        return (a > b) - (a < b); /* as they stand in the snapshot */
    return by->descending ? -order : order;
}

static bool is_shown(const struct view *view, const struct model_group *group)
{
    const struct leaks *leaks = view_data(view);
    if (group->suppressed_by && !view->tui->show_suppressed)
        return false;
    return !leaks->matches || leaks_match(leaks->matches, group);
}

/* The groups to show, out of the snapshot. */
static void choose(struct view *view)
{
    struct leaks *leaks = view_data(view);
    const struct model_snapshot *snapshot = view->tui->snapshot;
    free(leaks->groups);
    leaks->groups = xcalloc(snapshot->groups_count + 1, sizeof *leaks->groups);
    leaks->count = leaks->objects = leaks->suppressed = 0;
    for (size_t i = 0; i < snapshot->groups_count; i++) {
        const struct model_group *group = &snapshot->groups[i];
        leaks->suppressed += group->suppressed_by != NULL;
        if (!is_shown(view, group))
            continue;
        leaks->groups[leaks->count++] = group;
        leaks->objects += group->count;
    }
    if (view->table.sort >= 0 && leaks->count)
        qsort_r(leaks->groups, leaks->count, sizeof *leaks->groups, by_column, &view->table);
    table_clamp(&view->table, leaks->count, view->table.height);
}

static void take_matches(void *owner, struct leaks_matches *matches, const char *why)
{
    struct view *view = owner;
    struct leaks *leaks = view_data(view);
    if (--leaks->asked > 0) {
        leaks_matches_free(matches);
        return;
    }
    if (!matches)
        tui_say(view->tui, ROLE_WARN, "%s", why);
    leaks_matches_free(leaks->matches);
    leaks->matches = matches;
    choose(view);
    tui_redraw(view->tui);
}

/* -EINVAL: it is wrong. */
static int ask(struct view *view)
{
    struct leaks *leaks = view_data(view);
    struct filter_error error;
    struct filter *filter = filter_parse(view->where, "leaks", &error);
    if (!filter) {
        view_refuse(view, &error);
        return -EINVAL;
    }
    view_doubt(view, filter);
    leaks->asked++;
    if (!leaks_filter_begin(view->tui, filter, take_matches, view))
        leaks->asked--;
    return 0;
}

static void take_summary(void *owner, struct model_summary *summary)
{
    struct view *view = owner;
    struct leaks *leaks = view_data(view);
    leaks->summary = summary;
    tui_redraw(view->tui);
}

static int reload(struct view *view, const struct view_args *args)
{
    struct leaks *leaks = view_data(view);
    (void)args;
    if (!view->where) {
        leaks_matches_free(leaks->matches);
        leaks->matches = NULL;
    }
    choose(view);
    if (leaks->count == 0 && !leaks->summing && view->tui->snapshot->run.ending != MODEL_LIVE) {
        leaks->summing = true;
        leaks_none_begin(view->tui, take_summary, view);
    }
    return view->where ? ask(view) : 0;
}

static void close_view(struct view *view)
{
    struct leaks *leaks = view_data(view);
    leaks_matches_free(leaks->matches);
    free(leaks->groups);
    if (leaks->summary)
        model_summary_free(leaks->summary);
    free(leaks->summary);
}

static const struct model_group *group_at(const struct view *view, size_t row)
{
    const struct leaks *leaks = view_data(view);
    return leaks->groups[row];
}

static void row(struct view *view, size_t at, struct view_row *out)
{
    const struct model_group *group = group_at(view, at);
    *out = (struct view_row){.key = group->fingerprint,
                             .ref = group->examples[0].subject.ref,
                             .mark = leaks_mark(group),
                             .mark_role = leaks_role(group),
                             .role = leaks_role(group) == ROLE_DIM ? ROLE_DIM : ROLE_NORMAL};
}

static void cell(struct view *view, size_t at, size_t column, int width, struct styled *out)
{
    (void)width;
    leaks_cell(view->tui, group_at(view, at), at ? group_at(view, at - 1) : NULL, (int)column, out);
}

static const struct model_group *group(struct view *view, size_t at)
{
    return group_at(view, at);
}

/* A group is none of the objects in it: going to one shows that one. */
static size_t find(struct view *view, struct model_ref ref)
{
    (void)ref;
    return view->table.rows;
}

static bool site(struct view *view, size_t at, struct model_site *out)
{
    *out = group_at(view, at)->examples[0].subject.site;
    return out->file != NULL;
}

/* ---- detail ---- */

/* What is said of it, with its line of code before the hint. */
static void add_main(struct view *view, const struct model_group *group, struct lines *out)
{
    struct words all = {.source = view->tui->source};
    struct buffer headline = {0};
    words_headline(&headline, view->tui->snapshot, group);
    struct styled *line = lines_add(out);
    styled_add(line, ROLE_NORMAL, " ");
    styled_add(line, ROLE_STRONG, buffer_text(&headline));
    line->indent = 3;
    buffer_free(&headline);
    words_add_group(&all, view->tui->snapshot, group);
    size_t before = 0;
    while (before < all.count && all.lines[before].mark != WORDS_HINT)
        before++;
    struct words first = all, last = all;
    first.count = before;
    last.lines += before;
    last.count -= before;
    detail_words(&first, out);
    detail_source(view->tui, &group->examples[0].subject.site, SOURCE_AROUND, out);
    detail_words(&last, out);
    words_free(&all);
}

static void detail(struct view *view, size_t at, enum detail_tab tab, struct detail *out)
{
    const struct model_group *group = group_at(view, at);
    const struct model_example *example = &group->examples[0];
    char text[TUI_SITE_TEXT];
    buffer_format(&out->title, "%s %zu/%zu  ", group->class, at + 1, view->table.rows);
    if (example->subject.site.func)
        buffer_format(&out->title, "%s ", example->subject.site.func);
    buffer_add(&out->title, tui_site_text(view->tui, &example->subject.site, text));
    if (tab == DETAIL_MAIN)
        add_main(view, group, &out->lines);
    else if (tab == DETAIL_CHAIN)
        detail_chain(view->tui, &example->chain, &out->lines);
    else if (tab == DETAIL_STACK)
        detail_stacks(view->tui, &example->subject, &out->lines);
    else if (tab == DETAIL_SOURCE)
        detail_source(view->tui, &example->subject.site, SOURCE_AROUND_FULL, &out->lines);
    else if (example->subject.ref.kind != MODEL_NONE)
        detail_json(view->tui, example->subject.ref, &out->lines);
}

static size_t targets(struct view *view, size_t at, struct model_ref out[VIEW_TARGETS_MAX])
{
    const struct model_group *group = group_at(view, at);
    size_t count = group->count < VIEW_TARGETS_MAX ? group->count : VIEW_TARGETS_MAX;
    for (size_t i = 0; i < count; i++)
        out[i] = (struct model_ref){group->examples[0].subject.ref.kind, group->ids[i]};
    return count;
}

static size_t copies(struct view *view, size_t at, struct view_copy out[VIEW_COPIES_MAX])
{
    const struct model_group *group = group_at(view, at);
    out[0].what = "suppression";
    headline_add_suppression(&out[0].text, group);
    out[1].what = "fingerprint";
    buffer_format(&out[1].text, "%08x", group->fingerprint);
    return 2;
}

/* ---- around the list ---- */

static void status(struct view *view, struct styled *out)
{
    const struct model_run *run = &view->tui->snapshot->run;
    char text[MODEL_TIME_TEXT];
    if (view->tui->snapshot->note)
        styled_add(out, ROLE_WARN, view->tui->snapshot->note);
    else if (model_is_whole(view->tui->snapshot))
        styled_format(out, ROLE_DIM, "trace complete: ended at %s, 0 events dropped",
                      tui_time_text(view->tui, run->ended_ns, text));
}

static void counts(struct view *view, struct styled *out)
{
    const struct leaks *leaks = view_data(view);
    styled_format(out, ROLE_NORMAL, "%zu group%s", leaks->count, leaks->count == 1 ? "" : "s");
    if (leaks->count)
        styled_format(out, ROLE_NORMAL, ", %zu object%s", leaks->objects, leaks->objects == 1 ? "" : "s");
    if (leaks->suppressed && !view->tui->show_suppressed)
        styled_format(out, ROLE_DIM, ", %zu suppressed (L)", leaks->suppressed);
}

static int64_t badge(const struct tui *tui)
{
    return (int64_t)tui->snapshot->groups_count;
}

static void empty(struct view *view, int width, struct lines *out)
{
    const struct leaks *leaks = view_data(view);
    (void)width;
    leaks_none(view->tui, leaks->summary, leaks->suppressed, out);
}

const struct view_ops view_leaks = {
    .name = "leaks",
    .title = "Leaks",
    .brief = "Leaks",
    .digit = 1,
    .columns = leaks_columns,
    .columns_count = LEAKS_COLUMNS,
    .times = 1u << LEAKS_FIRST,
    .list = "leaks",
    .hints = hints,
    .size = sizeof(struct leaks),
    .close = close_view,
    .reload = reload,
    .row = row,
    .cell = cell,
    .find = find,
    .targets = targets,
    .site = site,
    .group = group,
    .detail = detail,
    .copies = copies,
    .badge = badge,
    .counts = counts,
    .empty = empty,
    .status = status,
};
