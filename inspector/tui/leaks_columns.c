#include "leaks_columns.h"
#include "words/words.h"

#include <string.h>

enum { CLASS, COUNT, NAME, SITE, FIRST = LEAKS_FIRST, AGE, ALSO };

const struct table_column leaks_columns[LEAKS_COLUMNS] = {
    [CLASS] = {"class", "CLASS", NULL, 0, 15, 12, 0, ALIGN_LEFT, true, false},
    [COUNT] = {"count", "COUNT", "N", 0, 5, 2, 0, ALIGN_RIGHT, true, false},
    [NAME] = {"name", "NAME", NULL, 0, 20, 10, 3, ALIGN_LEFT, true, false},
    [SITE] = {"site", "SITE", NULL, 1, 17, 14, 2, ALIGN_TAIL, true, false},
    [FIRST] = {"first", "FIRST SEEN", "FIRST", 4, 12, 8, 0, ALIGN_RIGHT, true, false},
    [AGE] = {"age", "AGE", NULL, 2, 8, 7, 0, ALIGN_RIGHT, true, false},
    [ALSO] = {"also", "ALSO", NULL, 3, 8, 7, 1, ALIGN_LEFT, false, false},
};

/* ---- cells ---- */

static const struct model_subject *subject_of(const struct model_group *group)
{
    return &group->examples[0].subject;
}

static int64_t age_of(const struct tui *tui, const struct model_group *group)
{
    const struct model_run *run = &tui->snapshot->run;
    return model_span(group->first_ns, run->ended_ns == MODEL_NEVER ? run->now_ns : run->ended_ns);
}

static void add_name(const struct model_group *group, struct buffer *out)
{
    const struct model_subject *subject = subject_of(group);
    bool failed = subject->state && strcmp(subject->state, "failed") == 0;
    const char *error = failed ? model_error_name(subject->code) : NULL;
    buffer_add(out, group->names ? group->names : model_label(subject));
    for (size_t i = 1; !group->names && i < group->examples_count; i++)
        if (strcmp(model_label(&group->examples[i].subject), model_label(subject)) != 0)
            buffer_format(out, ", %s", model_label(&group->examples[i].subject));
    if (error)
        buffer_format(out, "  %s", error);
    if (group->victims)
        buffer_format(out, "  (+%zu wait)", group->victims);
}

enum role leaks_role(const struct model_group *group)
{
    static const enum role roles[WORDS_STATUSES] = {[WORDS_ERROR] = ROLE_ERROR,
                                                    [WORDS_WARNING] = ROLE_WARN,
                                                    [WORDS_KNOWN] = ROLE_DIM,
                                                    [WORDS_SUPPRESSED] = ROLE_DIM};
    return roles[words_status_of(group)];
}

char leaks_mark(const struct model_group *group)
{
    return "Ewks"[words_status_of(group)];
}

/* How it stands to the baseline, then its other classes. */
static void add_also(const struct model_group *group, struct styled *out)
{
    struct buffer standing = {0};
    words_standing(&standing, group);
    if (standing.length)
        styled_format(out, ROLE_ACCENT, "%s%s", buffer_text(&standing), group->also ? "  " : "");
    styled_add(out, ROLE_DIM, group->also ? group->also : "");
    buffer_free(&standing);
}

void leaks_cell(const struct tui *tui, const struct model_group *group, const struct model_group *above, int column,
                struct styled *out)
{
    char text[TUI_SITE_TEXT];
    struct buffer name = {0};
    switch (column) {
    case CLASS:
        styled_add(out, leaks_role(group), group->class);
        break;
    case COUNT:
        styled_format(out, ROLE_NORMAL, "%zu", group->count);
        break;
    case NAME:
        add_name(group, &name);
        styled_add(out, ROLE_NORMAL, buffer_text(&name));
        buffer_free(&name);
        break;
    case SITE:
        styled_add(out, ROLE_NORMAL, tui_site_text(tui, &subject_of(group)->site, text));
        break;
    case FIRST:
        styled_add(out, ROLE_NORMAL, tui_time_below(tui, group->first_ns, above ? above->first_ns : MODEL_NEVER, text));
        break;
    case AGE:
        if (age_of(tui, group) >= 0)
            styled_add(out, ROLE_NORMAL, model_duration_text(age_of(tui, group), text));
        break;
    case ALSO:
        add_also(group, out);
        break;
    }
}

/* ---- sorting ---- */

static int compare_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

static int compare_number(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int leaks_compare(const struct model_group *a, const struct model_group *b, int column)
{
    const struct model_subject *left = subject_of(a), *right = subject_of(b);
    switch (column) {
    case CLASS:
        return strcmp(a->class, b->class);
    case COUNT:
        return compare_number((int64_t)a->count, (int64_t)b->count);
    case NAME:
        return strcmp(a->names ? a->names : model_label(left), b->names ? b->names : model_label(right));
    case SITE:
        return compare_text(left->site.file, right->site.file) ?: compare_number(left->site.line, right->site.line);
    case AGE:
        return compare_number(b->first_ns, a->first_ns);
    default:
        return compare_number(a->first_ns, b->first_ns);
    }
}
