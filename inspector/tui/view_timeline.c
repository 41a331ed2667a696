/* Timeline: what each task did in a window of time, in the order of who created whom. */
#include "detail.h"
#include "lanes.h"
#include "words/timeline_words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define WIDTH_OF_TREE 14 /* with less room for names their place in the tree is not shown */

static const struct table_column columns[] = {
    [LANES_TASK] = {"task", "TASK", NULL, 0, 20, 8, 0, ALIGN_LEFT, false, false},
    [LANES_LANE] = {"lane", "LANE", NULL, 0, 40, 8, 1, ALIGN_LEFT, false, false},
};

static const enum action hints[] = {ACTION_HELP,   ACTION_ZOOM_IN,   ACTION_ZOOM_OUT,  ACTION_ZOOM_FIT, ACTION_LEFT,
                                    ACTION_RIGHT,  ACTION_STEP_BACK, ACTION_STEP_ON,   ACTION_MARK,     ACTION_MARK_GO,
                                    ACTION_FAMILY, ACTION_TIME,      ACTION_WAITS_FOR, ACTION_QUIT,     ACTION_NONE};

static int open_view(struct view *view)
{
    struct lanes *lanes = view_data(view);
    for (size_t i = 0; i < sizeof lanes->marks / sizeof *lanes->marks; i++)
        lanes->marks[i] = MODEL_NEVER;
    lanes->last_mark = -1;
    return 0;
}

static int reload(struct view *view, const struct view_args *args)
{
    struct lanes *lanes = view_data(view);
    bool selects = args->ref.kind == MODEL_TASK;
    if (view->where) {
        snprintf(view->wrong.text, sizeof view->wrong.text, "lanes have no filter: * shows only a family, / searches");
        return -EINVAL;
    }
    if (!selects && !args->at_ns)
        lanes_forget(view);
    lanes->select = selects ? args->ref.id : 0;
    lanes_want(view, lanes_columns(view));
    if (args->at_ns && lanes->tasks)
        lanes_go(view, args->at_ns);
    bool hidden = selects && lanes->tasks && model_spawn_find(&lanes->shown, args->ref.id) == SIZE_MAX;
    if (hidden) { /* it lived at another time, or in another family */
        lanes->family = 0;
        lanes_fit(lanes);
        lanes_want(view, lanes_columns(view));
    }
    view->table.rows = lanes->shown.count;
    return 0;
}

/* ---- rows ---- */

static void row(struct view *view, size_t at, struct view_row *out)
{
    const struct lanes *lanes = view_data(view);
    const struct model_lane *lane = lanes_at(lanes, at);
    int64_t id = lanes->shown.tasks[at].id;
    *out = (struct view_row){.key = (uint64_t)id, .ref = {MODEL_TASK, id}, .mark_role = ROLE_ERROR};
    if (lane && lane->leaked)
        out->mark = '!';
}

static enum role role_of(char glyph)
{
    static const struct {
        enum model_lane_state state;
        enum role role;
    } roles[] = {{MODEL_LANE_RUNNING, ROLE_RUN},  {MODEL_LANE_READY, ROLE_READY},      {MODEL_LANE_WAITING, ROLE_WAIT},
                 {MODEL_LANE_LOCKED, ROLE_ERROR}, {MODEL_LANE_FAILED, ROLE_ERROR},     {MODEL_LANE_LOST, ROLE_ERROR},
                 {MODEL_LANE_DONE, ROLE_OK},      {MODEL_LANE_CANCELLED, ROLE_STRONG}, {MODEL_LANE_BEFORE, ROLE_DIM},
                 {MODEL_LANE_AFTER, ROLE_DIM}};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (model_lane_glyph(roles[i].state) == glyph)
            return roles[i].role;
    return ROLE_NORMAL;
}

/* The column of what is painted in which the cursor stands; -1: it is outside. */
static int cursor_column(const struct view *view)
{
    const struct lanes *lanes = view_data(view);
    const struct model_window *window = &lanes->timeline.window;
    int64_t at = lanes_cursor(view);
    bool seen = lanes->timeline.memory && at >= window->from_ns && at <= window->to_ns;
    return seen ? (int)model_time_column(window, at) : -1;
}

/* Runs of one glyph are one run; the cursor's column stands out. */
static void add_cells(struct styled *out, const char *cells, int cursor)
{
    char run[MODEL_COLUMNS_MAX + 1];
    for (int at = 0, length; cells[at]; at += length) {
        for (length = 1; cells[at + length] == cells[at] && at != cursor && at + length != cursor; length++)
            ;
        memcpy(run, cells + at, (size_t)length);
        run[length] = '\0';
        styled_add(out, at == cursor ? ROLE_BAR : role_of(cells[at]), run);
    }
}

static void cell(struct view *view, size_t at, size_t column, int width, struct styled *out)
{
    const struct lanes *lanes = view_data(view);
    const struct model_lane *lane = lanes_at(lanes, at);
    char text[MODEL_REF_TEXT];
    struct buffer words = {0};
    if (!lane) {
        styled_add(out, ROLE_DIM,
                   column == LANES_TASK
                       ? model_ref_text((struct model_ref){MODEL_TASK, lanes->shown.tasks[at].id}, text)
                       : "");
    } else if (column == LANES_LANE) {
        add_cells(out, lane->cells, cursor_column(view));
    } else {
        timeline_name(&words, lane);
        styled_add(out, ROLE_NORMAL, width < WIDTH_OF_TREE ? lane->label : buffer_text(&words));
    }
    buffer_free(&words);
}

static size_t find(struct view *view, struct model_ref ref)
{
    const struct lanes *lanes = view_data(view);
    size_t at = ref.kind == MODEL_TASK ? model_spawn_find(&lanes->shown, ref.id) : SIZE_MAX;
    return at == SIZE_MAX ? view->table.rows : at;
}

/* ---- detail ---- */

static void add_stretch(const struct view *view, const struct model_stretch *stretch, bool here, struct lines *out)
{
    static const char *const verbs[MODEL_LANE_STATES] = {
        [MODEL_LANE_READY] = "ready", [MODEL_LANE_RUNNING] = "ran", [MODEL_LANE_WAITING] = "waits"};
    char text[MODEL_TIME_TEXT], site[TUI_SITE_TEXT];
    if (stretch->state == MODEL_LANE_NOTHING)
        return;
    struct styled *line = lines_add(out);
    char glyph = model_lane_glyph(stretch->state);
    styled_format(line, role_of(glyph), " %c  ", glyph);
    styled_format(line, here ? ROLE_STRONG : ROLE_NORMAL, "%-6s", verbs[stretch->state]);
    int64_t length = model_span(stretch->from_ns, stretch->to_ns);
    styled_format(line, here ? ROLE_STRONG : ROLE_NORMAL, "%9s",
                  length == MODEL_NEVER ? "..." : model_duration_text(length, text));
    styled_format(line, ROLE_DIM, "  from %s", tui_time_text(view->tui, stretch->from_ns, text));
    if (stretch->what)
        styled_format(line, ROLE_NORMAL, "  %s", stretch->what);
    if (stretch->site.file)
        styled_format(line, ROLE_DIM, "  %s", tui_site_text(view->tui, &stretch->site, site));
    line->indent = 4;
}

static void add_moment(struct view *view, int64_t task, struct lines *out)
{
    struct lanes *lanes = view_data(view);
    const struct model_moment *moment = moment_get(&lanes->moment, view->tui, task, lanes_cursor(view));
    if (!moment) {
        styled_format(lines_add(out), *lanes->moment.why ? ROLE_ERROR : ROLE_DIM, " %s",
                      *lanes->moment.why ? lanes->moment.why : "reading ...");
        return;
    }
    for (size_t i = 0; i < sizeof moment->stretches / sizeof *moment->stretches; i++)
        add_stretch(view, &moment->stretches[i], i == 1, out);
    if (moment->stretches[1].state == MODEL_LANE_NOTHING)
        styled_add(lines_add(out), ROLE_DIM, " it did not live at this time");
}

static void detail(struct view *view, size_t at, enum detail_tab tab, struct detail *out)
{
    const struct lanes *lanes = view_data(view);
    const struct model_lane *lane = lanes_at(lanes, at);
    struct model_ref ref = {MODEL_TASK, lanes->shown.tasks[at].id};
    char text[MODEL_REF_TEXT];
    if (tab != DETAIL_MAIN) {
        detail_subject(view->tui, ref, tab, out);
        return;
    }
    buffer_format(&out->title, "%s at ", lane ? lane->label : model_ref_text(ref, text));
    timeline_instant(&out->title, &lanes->window, lanes_cursor(view));
    add_moment(view, ref.id, &out->lines);
    struct buffer words = {0};
    lines_add(&out->lines);
    timeline_legend(&words);
    struct styled *line = lines_add(&out->lines);
    styled_format(line, ROLE_DIM, " %s", buffer_text(&words));
    line->indent = 3;
    styled_add(lines_add(&out->lines), ROLE_DIM, " one column: the busiest state in it wins");
    if (lanes->timeline.memory && !lanes->timeline.steps)
        styled_add(lines_add(&out->lines), ROLE_DIM, " steps were not recorded (level lifecycle): running is no wait");
    buffer_free(&words);
}

/* ---- around the list ---- */

static void add_at_lanes(const struct view *view, const char *label, enum role role, const char *text,
                         struct lines *out)
{
    struct styled *line = lines_add(out);
    styled_format(line, ROLE_DIM, "%*s%s", TABLE_PREFIX, "", label);
    styled_to(line, (size_t)view->table.slots[LANES_LANE].x);
    styled_add(line, role, text);
}

/* What is missing is asked for here: now it is known how much can be seen. */
static void above(struct view *view, int width, struct lines *out)
{
    const struct lanes *lanes = view_data(view);
    struct buffer words = {0};
    (void)width;
    lanes_want(view, lanes_columns(view));
    if (!lanes->timeline.memory)
        return;
    timeline_labels(&words, &lanes->timeline.window);
    add_at_lanes(view, "TASK", ROLE_STRONG, buffer_text(&words), out);
    buffer_clear(&words);
    timeline_ticks(&words, &lanes->timeline.window);
    add_at_lanes(view, "", ROLE_DIM, buffer_text(&words), out);
    buffer_free(&words);
}

static void add_cursor(struct view *view, struct lines *out)
{
    const struct lanes *lanes = view_data(view);
    int column = cursor_column(view);
    struct buffer words = {0}, line = {0};
    if (column < 0)
        return;
    timeline_instant(&words, &lanes->timeline.window, lanes_cursor(view));
    bool right = (size_t)column + 2 + words.length <= lanes->timeline.window.columns;
    size_t before = right ? (size_t)column : (size_t)column > words.length ? (size_t)column - words.length - 1 : 0;
    buffer_pad(&line, before, ' ');
    buffer_format(&line, right ? "^ %s" : "%s ^", buffer_text(&words));
    add_at_lanes(view, "", ROLE_ACCENT, buffer_text(&line), out);
    buffer_free(&line);
    buffer_free(&words);
}

static void below(struct view *view, int width, struct lines *out)
{
    const struct lanes *lanes = view_data(view);
    (void)width;
    if (!lanes->timeline.memory)
        return;
    if (lanes->timeline.busy) {
        add_at_lanes(view, "loop busy", ROLE_RUN, lanes->timeline.busy, out);
        add_at_lanes(view, "ready queue", ROLE_READY, lanes->timeline.ready, out);
    }
    add_cursor(view, out);
}

static void crumb(struct view *view, struct styled *out)
{
    const struct lanes *lanes = view_data(view);
    const struct model_window *window = &lanes->timeline.window;
    struct buffer words = {0};
    if (!lanes->timeline.memory)
        return;
    timeline_title(&words, window);
    styled_add(out, ROLE_NORMAL, buffer_text(&words));
    double whole = (double)lanes->all.to_ns - (double)lanes->all.from_ns;
    double factor = whole / ((double)window->to_ns - (double)window->from_ns);
    if (factor > 1.01)
        styled_format(out, ROLE_NORMAL, "  zoom x%.1f", factor);
    buffer_free(&words);
}

static void counts(struct view *view, struct styled *out)
{
    const struct lanes *lanes = view_data(view);
    if (lanes->family)
        styled_format(out, ROLE_ACCENT, "family of #%lld  ", (long long)lanes->family);
    if (lanes->tasks)
        styled_format(out, ROLE_NORMAL, "%zu of %zu", lanes->shown.count, lanes->tasks->spawn.count);
    if (lanes->tasks && lanes->tasks->spawn.cut)
        styled_add(out, ROLE_WARN, "+");
}

static void empty(struct view *view, int width, struct lines *out)
{
    const struct lanes *lanes = view_data(view);
    (void)width;
    lines_add(out);
    struct styled *line = lines_add(out);
    line->indent = 3;
    if (*lanes->why)
        styled_format(line, ROLE_ERROR, "   %s", lanes->why);
    else if (lanes->asking)
        styled_add(line, ROLE_DIM, "   reading ...");
    else
        styled_add(line, ROLE_DIM, "   No task lived in this time (0 shows all of it).");
}

static void status(struct view *view, struct styled *out)
{
    const struct lanes *lanes = view_data(view);
    char text[MODEL_TIME_TEXT];
    int64_t at = lanes_cursor(view);
    styled_format(out, ROLE_NORMAL, "cursor %s", tui_time_text(view->tui, at, text));
    if (lanes->last_mark < 0)
        return;
    int64_t marked = lanes->marks[lanes->last_mark], delta = model_span(marked, at);
    styled_format(out, ROLE_NORMAL, "   mark %c %s", 'a' + lanes->last_mark, tui_time_text(view->tui, marked, text));
    styled_format(out, ROLE_ACCENT, "   delta %s%s", delta < 0 ? "-" : "",
                  model_duration_text(delta < 0 ? -delta : delta, text));
}

const struct view_ops view_timeline = {
    .name = "timeline",
    .title = "Time",
    .brief = "Time",
    .digit = 4,
    .columns = columns,
    .columns_count = sizeof columns / sizeof *columns,
    .hints = hints,
    .size = sizeof(struct lanes),
    .no_header = true,
    .detail_rows = 8,
    .open = open_view,
    .close = lanes_close,
    .reload = reload,
    .row = row,
    .cell = cell,
    .find = find,
    .detail = detail,
    .act = lanes_act,
    .key = lanes_key,
    .mouse = lanes_mouse,
    .crumb = crumb,
    .counts = counts,
    .above = above,
    .below = below,
    .empty = empty,
    .status = status,
};
