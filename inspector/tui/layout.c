#include "layout.h"

#define TINY_ROWS   4
#define TINY_COLS   20
#define SIDE_COLS   140
#define DETAIL_PART 45 /* of a hundred rows */
#define SPARE_ROWS  2  /* left empty below a list that is short */

static int at_most(int value, int most)
{
    return value < most ? value : most;
}

static int at_least(int value, int least)
{
    return value > least ? value : least;
}

/* The view's own rows, header and list into a rectangle. */
static void place_list(struct rect all, const struct layout_wants *wants, struct layout *out)
{
    int above = at_most(wants->above, at_least(all.rows - 2, 0)), row = all.row + above;
    out->above = (struct rect){all.row, all.col, above, all.cols};
    out->header = wants->header && all.rows - above > 1 ? row++ : -1;
    int left = all.row + all.rows - row, below = at_most(wants->below, at_least(left - 3, 0));
    out->list = (struct rect){row, all.col, left - below, all.cols};
    out->below = (struct rect){row + left - below, all.col, below, all.cols};
}

static void place_both(struct rect all, const struct layout_wants *wants, int rows, struct layout *out)
{
    int own = wants->above + wants->below + wants->header;
    int detail = rows * DETAIL_PART / 100;
    if (wants->detail)
        detail = at_most(detail, wants->detail);
    int list = at_least(all.rows - 1 - detail, own + 1);
    list = at_most(list, at_least(own + wants->list + SPARE_ROWS, own + 3));
    place_list((struct rect){all.row, all.col, list, all.cols}, wants, out);
    out->rule = all.row + list;
    out->detail = (struct rect){out->rule + 1, all.col, all.rows - list - 1, all.cols};
}

static void place_side(struct rect all, const struct layout_wants *wants, struct layout *out)
{
    int list = all.cols * (100 - DETAIL_PART) / 100;
    place_list((struct rect){all.row, all.col, all.rows, list}, wants, out);
    out->side = true;
    out->wall = all.col + list;
    out->rule = all.row;
    out->detail = (struct rect){all.row + 1, out->wall + 1, all.rows - 1, all.cols - list - 1};
}

void layout_make(int rows, int cols, const struct layout_wants *wants, struct layout *out)
{
    bool small = rows < SMALL_ROWS || cols < SMALL_COLS;
    *out = (struct layout){.tiny = rows < TINY_ROWS || cols < TINY_COLS,
                           .tabs = -1,
                           .crumb = -1,
                           .status = -1,
                           .hints = -1,
                           .header = -1,
                           .rule = -1,
                           .wall = -1};
    if (out->tiny) {
        out->list = (struct rect){0, 0, 1, cols};
        return;
    }
    int row = 0, end = rows;
    out->tabs = row++;
    out->crumb = small ? -1 : row++;
    out->hints = rows > 5 ? --end : -1;
    out->status = --end;
    struct rect all = {row, 0, end - row, cols};
    if (wants->pane == LAYOUT_DETAIL) {
        out->rule = row;
        out->detail = (struct rect){row + 1, 0, end - row - 1, cols};
    } else if (small || wants->pane == LAYOUT_LIST)
        place_list(all, wants, out);
    else if (cols >= SIDE_COLS && !wants->detail)
        place_side(all, wants, out);
    else
        place_both(all, wants, rows, out);
}
