#include "menu.h"
#include "alloc.h"
#include "key.h"
#include "styled.h"

#include <stdio.h>
#include <stdlib.h>

void menu_begin(struct menu *menu, enum menu_kind kind, const char *title)
{
    menu_end(menu);
    menu->kind = kind;
    menu->title = title;
}

struct menu_item *menu_add(struct menu *menu, const char *label, int64_t value)
{
    if (menu->count == MENU_MAX)
        return NULL;
    struct menu_item *item = &menu->items[menu->count++];
    *item = (struct menu_item){.label = xstrdup(label), .value = value};
    return item;
}

void menu_end(struct menu *menu)
{
    for (size_t i = 0; i < menu->count; i++) {
        free(menu->items[i].label);
        free(menu->items[i].text);
    }
    *menu = (struct menu){0};
}

/* 1 to 9, then a to z. */
static char letter_of(size_t index)
{
    return (char)(index < 9 ? '1' + (char)index : 'a' + (char)index - 9);
}

enum menu_answer menu_key(struct menu *menu, int key)
{
    switch (key) {
    case K_DOWN:
    case K_CTRL('N'):
        menu->at = menu->at + 1 < menu->count ? menu->at + 1 : 0;
        return MENU_GOES_ON;
    case K_UP:
    case K_CTRL('P'):
        menu->at = menu->at ? menu->at - 1 : menu->count - 1;
        return MENU_GOES_ON;
    case K_ENTER:
        return MENU_CHOSEN;
    case K_SPACE:
        return MENU_TOGGLED;
    case K_ESCAPE:
    case K_CTRL('C'):
    case 'q':
        return MENU_CANCELLED;
    }
    for (size_t i = 0; i < menu->count; i++) {
        if (key == letter_of(i)) {
            menu->at = i;
            return MENU_CHOSEN;
        }
    }
    return MENU_GOES_ON;
}

enum menu_answer menu_press(struct menu *menu, int row, int col)
{
    int line = row - menu->box.row - 1;
    if (col <= menu->box.col || col >= menu->box.col + menu->box.cols - 1 || line < 0 || line >= menu->box.rows - 2)
        return MENU_CANCELLED;
    menu->at = (menu->at >= (size_t)(menu->box.rows - 2) ? menu->at - (size_t)(menu->box.rows - 3) : 0) + (size_t)line;
    return MENU_CHOSEN;
}

static void draw_item(const struct menu *menu, size_t index, struct screen *screen, int row)
{
    struct styled line = {0};
    const struct menu_item *item = &menu->items[index];
    styled_format(&line, ROLE_ACCENT, "%c ", letter_of(index));
    styled_add(&line, ROLE_OK, item->checked ? "*" : " ");
    styled_format(&line, ROLE_NORMAL, " %s", item->label);
    styled_draw(&line, screen, row, menu->box.col + 2, menu->box.cols - 4, 0, ALIGN_LEFT);
    if (index == menu->at)
        screen_overlay(screen, row, menu->box.col + 1, menu->box.cols - 2, OVERLAY_SEL);
    styled_free(&line);
}

static void draw_box(const struct rect *box, struct screen *screen, const char *title)
{
    int bottom = box->row + box->rows - 1, right = box->col + box->cols - 1;
    screen_blank(screen, box->row, box->col, box->rows, box->cols);
    for (int row = box->row; row <= bottom; row += box->rows - 1)
        screen_rule(screen, row, box->col + 1, box->cols - 2, GLYPH_RULE, ROLE_DIM);
    for (int row = box->row + 1; row < bottom; row++) {
        screen_glyph(screen, row, box->col, GLYPH_WALL, ROLE_DIM);
        screen_glyph(screen, row, right, GLYPH_WALL, ROLE_DIM);
    }
    screen_glyph(screen, box->row, box->col, GLYPH_CORNER_NW, ROLE_DIM);
    screen_glyph(screen, box->row, right, GLYPH_CORNER_NE, ROLE_DIM);
    screen_glyph(screen, bottom, box->col, GLYPH_CORNER_SW, ROLE_DIM);
    screen_glyph(screen, bottom, right, GLYPH_CORNER_SE, ROLE_DIM);
    screen_text(screen, box->row, box->col + 2, box->cols - 4, title, ROLE_STRONG);
}

void menu_draw(struct menu *menu, struct screen *screen)
{
    int widest = screen_width(screen, menu->title) + 1;
    for (size_t i = 0; i < menu->count; i++) {
        int width = screen_width(screen, menu->items[i].label) + 4;
        widest = width > widest ? width : widest;
    }
    struct rect box = {.rows = (int)menu->count + 2, .cols = widest + 4};
    box.rows = box.rows > screen->rows ? screen->rows : box.rows;
    box.cols = box.cols > screen->cols ? screen->cols : box.cols;
    box.row = (screen->rows - box.rows) / 2;
    box.col = (screen->cols - box.cols) / 2;
    menu->box = box;
    if (box.rows < 3 || box.cols < 6)
        return;
    draw_box(&box, screen, menu->title);
    size_t height = (size_t)box.rows - 2, first = menu->at >= height ? menu->at - height + 1 : 0;
    for (size_t i = first; i < menu->count && i < first + height; i++)
        draw_item(menu, i, screen, box.row + 1 + (int)(i - first));
}
