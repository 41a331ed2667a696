/* What keys and the mouse do to the timeline: zoom, pan, step, mark, narrow. */
#include "lanes.h"

unsigned lanes_columns(const struct view *view)
{
    return view->table.slots[LANES_LANE].width > 0 ? (unsigned)view->table.slots[LANES_LANE].width : 40;
}

void lanes_fit(struct lanes *lanes)
{
    lanes->window = (struct model_window){lanes->all.from_ns, lanes->all.to_ns, lanes->window.columns};
}

static struct effect zoom(struct view *view, bool in)
{
    struct lanes *lanes = view_data(view);
    int64_t about = lanes_cursor(view);
    const struct model_window *window = &lanes->window;
    if (about < window->from_ns || about > window->to_ns)
        about = window->from_ns + (window->to_ns - window->from_ns) / 2;
    model_window_zoom(&lanes->window, &lanes->all, about, in);
    return effect_of(EFFECT_REDRAW);
}

/* The cursor keeps its column; where the window cannot go on, it goes alone. */
static struct effect pan(struct view *view, int by)
{
    struct lanes *lanes = view_data(view);
    int64_t at = lanes_cursor(view), moved = model_window_pan(&lanes->window, &lanes->all, by), next;
    if (moved == 0 && __builtin_mul_overflow(model_column_time(&lanes->window, 1) - lanes->window.from_ns, by, &moved))
        return effect_of(EFFECT_HANDLED);
    if (__builtin_add_overflow(at, moved, &next))
        next = by < 0 ? lanes->all.from_ns : lanes->all.to_ns;
    lanes_go(view, next);
    return effect_of(EFFECT_REDRAW);
}

static struct effect family(struct view *view)
{
    struct lanes *lanes = view_data(view);
    if (view->table.cursor >= lanes->shown.count)
        return effect_of(EFFECT_HANDLED);
    lanes->family = lanes->family ? 0 : lanes->shown.tasks[view->table.cursor].id;
    return effect_of(EFFECT_REDRAW);
}

static struct effect step(struct view *view, bool forward)
{
    struct lanes *lanes = view_data(view);
    if (view->table.cursor < lanes->shown.count)
        lanes_step(view, lanes->shown.tasks[view->table.cursor].id, forward);
    return effect_of(EFFECT_REDRAW);
}

static struct effect fit_all(struct view *view)
{
    struct lanes *lanes = view_data(view);
    lanes->why[0] = '\0';
    lanes_fit(lanes);
    return effect_of(EFFECT_REDRAW);
}

static struct effect mark(struct view *view, int letter)
{
    struct lanes *lanes = view_data(view);
    bool sets = lanes->marking == 'm';
    lanes->marking = 0;
    if (letter < 'a' || letter > 'z') {
        tui_say(view->tui, ROLE_DIM, "marks are called a to z");
        return effect_of(EFFECT_REDRAW);
    }
    int64_t *place = &lanes->marks[letter - 'a'];
    if (sets)
        *place = lanes_cursor(view);
    else if (*place == MODEL_NEVER)
        tui_say(view->tui, ROLE_DIM, "mark %c is not set (m%c sets it)", letter, letter);
    else
        lanes_go(view, *place);
    if (*place != MODEL_NEVER)
        lanes->last_mark = letter - 'a';
    return effect_of(EFFECT_REDRAW);
}

struct effect lanes_act(struct view *view, enum action action, const char *argument)
{
    struct lanes *lanes = view_data(view);
    if (lanes->all.columns == 0)
        return effect_of(EFFECT_NONE);
    switch (action) {
    case ACTION_ZOOM_IN:
    case ACTION_ZOOM_OUT:
        return zoom(view, action == ACTION_ZOOM_IN);
    case ACTION_ZOOM_FIT:
        return fit_all(view);
    case ACTION_LEFT:
    case ACTION_RIGHT:
        return pan(view, (int)(lanes_columns(view) / 8 + 1) * (action == ACTION_LEFT ? -1 : 1));
    case ACTION_STEP_BACK:
    case ACTION_STEP_ON:
        return step(view, action == ACTION_STEP_ON);
    case ACTION_FAMILY:
        return family(view);
    case ACTION_MARK:
    case ACTION_MARK_GO:
        lanes->marking = action == ACTION_MARK ? 'm' : '\'';
        if (argument && *argument)
            return mark(view, *argument);
        tui_say(view->tui, ROLE_DIM, action == ACTION_MARK ? "set which mark? a to z" : "go to which mark? a to z");
        return effect_of(EFFECT_REDRAW);
    default:
        return effect_of(EFFECT_NONE);
    }
}

struct effect lanes_key(struct view *view, int typed)
{
    const struct lanes *lanes = view_data(view);
    return lanes->marking ? mark(view, typed) : effect_of(EFFECT_NONE);
}

/* ---- the mouse ---- */

/* The column of the lanes that is at a column of the screen; -1: none. */
static int lane_column(const struct view *view, int col)
{
    const struct table_slot *slot = &view->table.slots[LANES_LANE];
    int at = col - slot->x + view->table.left;
    return at >= 0 && at < slot->width ? at : -1;
}

struct effect lanes_mouse(struct view *view, const struct key_event *event)
{
    struct lanes *lanes = view_data(view);
    int column = lane_column(view, event->col);
    bool wheel = event->key == K_WHEEL_UP || event->key == K_WHEEL_DOWN;
    if (lanes->all.columns == 0 || column < 0)
        return effect_of(EFFECT_NONE);
    if (wheel && event->ctrl)
        return zoom(view, event->key == K_WHEEL_UP);
    if (event->key == K_DRAG) {
        model_window_pan(&lanes->window, &lanes->all, lanes->drag_col - event->col);
        lanes->drag_col = event->col;
        return effect_of(EFFECT_REDRAW);
    }
    lanes->drag_col = event->col;
    if (event->key == K_PRESS)
        lanes_go(view, model_column_time(&lanes->window, (unsigned)column));
    return effect_of(EFFECT_NONE); /* the row is selected as in any list */
}
