#include "table.h"
#include "alloc.h"

#include <stdlib.h>
#include <string.h>

void table_open(struct table *table, const struct table_column *columns, size_t count)
{
    *table = (struct table){.columns = columns, .sort = -1};
    table->columns_count = count < TABLE_COLUMNS_MAX ? count : TABLE_COLUMNS_MAX;
    for (size_t i = 0; i < table->columns_count; i++)
        if (columns[i].off)
            table->hidden |= 1u << i;
}

void table_close(struct table *table)
{
    free(table->tags);
    *table = (struct table){0};
}

/* ---- columns ---- */

static bool is_shown(const struct table *table, size_t column)
{
    return table->slots[column].width > 0;
}

static int at_least(const struct table *table, size_t column, int width)
{
    bool widens = (table->times >> column & 1) && table->time_width > width;
    return widens ? table->time_width : width;
}

static int least_of(const struct table *table, size_t column)
{
    const struct table_column *columns = table->columns;
    return at_least(table, column, columns[column].least ? columns[column].least : columns[column].width);
}

static int width_of_all(const struct table *table)
{
    int all = 0;
    for (size_t i = 0; i < table->columns_count; i++)
        if (is_shown(table, i))
            all += table->slots[i].width + TABLE_GAP;
    return all ? all - TABLE_GAP : 0;
}

/* The shown column of highest priority, the last one of several; -1: all are to stay. */
static int next_to_drop(const struct table *table)
{
    int found = -1;
    for (size_t i = 0; i < table->columns_count; i++)
        if (is_shown(table, i) && table->columns[i].priority > 0 &&
            (found < 0 || table->columns[i].priority >= table->columns[found].priority))
            found = (int)i;
    return found;
}

/* Takes what is too much from those that can do with less, the widest spare first, and first from those that do not
 * grow. */
static void shrink(struct table *table, int width, bool growing)
{
    for (int over = width_of_all(table) - width; over > 0; over--) {
        int most = 0;
        size_t which = 0;
        for (size_t i = 0; i < table->columns_count; i++) {
            int spare = table->slots[i].width - least_of(table, i);
            if (is_shown(table, i) && spare > most && (table->columns[i].grow > 0) == growing) {
                most = spare;
                which = i;
            }
        }
        if (most == 0)
            return;
        table->slots[which].width--;
    }
}

/* By how much its cells are cut; negative: what it can do without. */
static int lack_of(const struct table *table, size_t column)
{
    if (!is_shown(table, column) || !table->columns[column].grow)
        return 0;
    int least = least_of(table, column), width = table->slots[column].width;
    return (table->wanted[column] > least ? table->wanted[column] : least) - width;
}

/* The column that lacks least, so that as many as can be are not cut; or, `rich`, the one with most to spare. -1: none.
 */
static int next_to_supply(const struct table *table, bool rich)
{
    int found = -1;
    for (size_t i = 0; i < table->columns_count; i++) {
        int lack = lack_of(table, i);
        if (rich ? lack < 0 : lack > 0)
            found = found < 0 || lack < lack_of(table, (size_t)found) ? (int)i : found;
    }
    return found;
}

/* One column's width at a time, from what is left over or else from the rich; what is still left over. */
static int supply(struct table *table, int spare)
{
    for (;;) {
        int poor = next_to_supply(table, false), rich = next_to_supply(table, true);
        if (poor < 0 || (spare == 0 && rich < 0))
            return spare;
        if (spare > 0)
            spare--;
        else
            table->slots[rich].width--;
        table->slots[poor].width++;
    }
}

static void share_out(struct table *table, int spare)
{
    int shares = 0;
    for (size_t i = 0; i < table->columns_count; i++)
        shares += is_shown(table, i) ? table->columns[i].grow : 0;
    for (size_t i = 0; i < table->columns_count && shares > 0 && spare > 0; i++) {
        if (!is_shown(table, i) || !table->columns[i].grow)
            continue;
        int mine = spare * table->columns[i].grow / shares;
        table->slots[i].width += mine;
        spare -= mine;
        shares -= table->columns[i].grow;
    }
}

bool table_shares(const struct table *table)
{
    int growing = 0;
    for (size_t i = 0; i < table->columns_count; i++)
        growing += table->columns[i].grow > 0;
    return growing > 1;
}

void table_want(struct table *table, size_t column, int width)
{
    if (width > TABLE_WANT_MAX)
        width = TABLE_WANT_MAX;
    if (table->wanted[column] < width)
        table->wanted[column] = width;
}

void table_fit(struct table *table, int width)
{
    width -= TABLE_PREFIX;
    for (size_t i = 0; i < table->columns_count; i++)
        table->slots[i].width = table->hidden & (1u << i) ? 0 : at_least(table, i, table->columns[i].width);
    for (int drop = next_to_drop(table); width_of_all(table) > width && drop >= 0; drop = next_to_drop(table))
        table->slots[drop].width = 0;
    shrink(table, width, false);
    shrink(table, width, true);
    int spare = width - width_of_all(table);
    share_out(table, supply(table, spare > 0 ? spare : 0));
    for (size_t i = 0, x = TABLE_PREFIX; i < table->columns_count; i++) {
        table->slots[i].x = (int)x;
        x += is_shown(table, i) ? (size_t)table->slots[i].width + TABLE_GAP : 0;
    }
}

void table_heading(const struct table *table, size_t column, bool ascii, struct styled *out)
{
    const struct table_column *it = &table->columns[column];
    bool sorted = table->sort == (int)column;
    int room = table->slots[column].width - (sorted ? 2 : 0);
    bool brief = it->brief && (int)strlen(it->heading) > room;
    styled_add(out, sorted ? ROLE_STRONG : ROLE_NORMAL, brief ? it->brief : it->heading);
    if (sorted) {
        styled_add(out, ROLE_STRONG, " ");
        styled_glyph(out, ROLE_STRONG, table->descending ? GLYPH_SORT_DOWN : GLYPH_SORT_UP, ascii);
    }
}

void table_draw(const struct table *table, size_t column, const struct styled *text, struct screen *screen, int row,
                int col, int cols)
{
    const struct table_slot *slot = &table->slots[column];
    int x = slot->x - table->left, from = x < TABLE_PREFIX ? TABLE_PREFIX - x : 0;
    int width = slot->width - from;
    if (x + from + width > cols)
        width = cols - x - from;
    if (width <= 0)
        return;
    bool whole = from == 0 && width == slot->width;
    enum align align = table->columns[column].align;
    styled_draw(text, screen, row, col + x + from, width, from, whole || align == ALIGN_TAIL ? align : ALIGN_LEFT);
}

/* ---- the cursor ---- */

static size_t last_top(const struct table *table)
{
    size_t height = table->height > 0 ? (size_t)table->height : 1;
    return table->rows > height ? table->rows - height : 0;
}

/* The top as near as it can be to where it is, with the cursor visible. */
static void keep_visible(struct table *table)
{
    size_t height = table->height > 0 ? (size_t)table->height : 1;
    if (table->top > table->cursor)
        table->top = table->cursor;
    if (table->cursor - table->top >= height)
        table->top = table->cursor - height + 1;
    if (table->top > last_top(table))
        table->top = last_top(table);
}

void table_clamp(struct table *table, size_t rows, int height)
{
    table->rows = rows;
    table->height = height;
    if (table->cursor >= rows)
        table->cursor = rows ? rows - 1 : 0;
    keep_visible(table);
}

/* row + by, inside of `most`. */
static size_t moved(size_t row, int64_t by, size_t most)
{
    if (by < 0)
        return (size_t)-by < row ? row - (size_t)-by : 0;
    return (size_t)by < most - row ? row + (size_t)by : most;
}

void table_move(struct table *table, int64_t by)
{
    if (table->rows == 0)
        return;
    table->cursor = moved(table->cursor, by, table->rows - 1);
    keep_visible(table);
}

void table_go(struct table *table, size_t row)
{
    if (table->rows == 0)
        return;
    size_t line = table->cursor - table->top;
    table->cursor = row < table->rows ? row : table->rows - 1;
    table->top = table->cursor > line ? table->cursor - line : 0;
    keep_visible(table);
}

void table_scroll(struct table *table, int64_t by)
{
    size_t height = table->height > 0 ? (size_t)table->height : 1;
    if (table->rows == 0)
        return;
    table->top = moved(table->top, by, last_top(table));
    if (table->cursor < table->top)
        table->cursor = table->top;
    if (table->cursor >= table->top + height)
        table->cursor = table->top + height - 1;
}

/* ---- tags ---- */

bool table_tagged(const struct table *table, uint64_t key)
{
    for (size_t i = 0; i < table->tags_count; i++)
        if (table->tags[i] == key)
            return true;
    return false;
}

void table_tag(struct table *table, uint64_t key)
{
    for (size_t i = 0; i < table->tags_count; i++) {
        if (table->tags[i] == key) {
            table->tags[i] = table->tags[--table->tags_count];
            return;
        }
    }
    X_GROW(table->tags, table->tags_count, table->tags_capacity);
    table->tags[table->tags_count++] = key;
}

void table_untag_all(struct table *table)
{
    table->tags_count = 0;
}
