/* One task, coroutine, future or object in full size: the lines of its detail as rows. It is no tab: relations and ids
 * lead to it. */
#include "alloc.h"
#include "detail.h"
#include "subject.h"

#include <stdlib.h>

struct subject_data {
    struct model_ref ref;
};

static const struct table_column columns[] = {
    {"subject", "SUBJECT", NULL, 0, 20, 10, 1, ALIGN_LEFT, false, false},
};

static const enum action hints[] = {ACTION_HELP, ACTION_WAITS_FOR, ACTION_AWAITER,  ACTION_PARENT, ACTION_CHILDREN,
                                    ACTION_SITE, ACTION_ROOT,      ACTION_NEXT_TAB, ACTION_EDIT,   ACTION_COPY,
                                    ACTION_BACK, ACTION_QUIT,      ACTION_NONE};

static int reload(struct view *view, const struct view_args *args)
{
    struct subject_data *data = view_data(view);
    if (args->ref.kind != MODEL_NONE)
        data->ref = args->ref;
    view->table.rows = 1;
    return 0;
}

static void row(struct view *view, size_t at, struct view_row *out)
{
    const struct subject_data *data = view_data(view);
    (void)at;
    *out = (struct view_row){.key = (uint64_t)data->ref.id, .ref = data->ref};
}

static void cell(struct view *view, size_t at, size_t column, int width, struct styled *out)
{
    const struct subject_data *data = view_data(view);
    char text[MODEL_REF_TEXT];
    (void)at, (void)column, (void)width;
    styled_add(out, ROLE_NORMAL, model_ref_text(data->ref, text));
}

static bool site(struct view *view, size_t at, struct model_site *out)
{
    const struct subject_data *data = view_data(view);
    const char *why;
    const struct model_detail *detail = subject_get(view->tui, data->ref, &why);
    (void)at;
    if (!detail || !detail->example.subject.site.file)
        return false;
    *out = detail->example.subject.site;
    return true;
}

const struct view_ops view_subject = {
    .name = "subject",
    .title = "Subject",
    .brief = "Subject",
    .columns = columns,
    .columns_count = sizeof columns / sizeof *columns,
    .hints = hints,
    .size = sizeof(struct subject_data),
    .no_filter = true,
    .only_detail = true,
    .reload = reload,
    .row = row,
    .cell = cell,
    .site = site,
};
