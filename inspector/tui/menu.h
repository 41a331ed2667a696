/* A box with numbered lines to choose from. */
#ifndef LEASH_INSPECTOR_MENU_H
#define LEASH_INSPECTOR_MENU_H

#include "layout.h"
#include "screen.h"

#include <stddef.h>
#include <stdint.h>

#define MENU_MAX 40

enum menu_kind { MENU_NONE, MENU_SORT, MENU_COLUMNS, MENU_COPY, MENU_TARGETS, MENU_ACCEPT, MENU_CELLS, MENU_FILTERS };

struct menu_item {
    char *label;
    bool checked;
    int64_t value; /* the caller's */
    int kind;      /* the caller's */
    char *text;    /* the caller's, freed with the menu; or NULL */
};

struct menu {
    enum menu_kind kind; /* NONE: not open */
    const char *title;
    struct menu_item items[MENU_MAX];
    size_t count, at;
    struct rect box; /* as drawn last */
};

enum menu_answer { MENU_GOES_ON, MENU_CHOSEN, MENU_TOGGLED, MENU_CANCELLED };

void menu_begin(struct menu *menu, enum menu_kind kind, const char *title);
/* NULL: it is full. */
struct menu_item *menu_add(struct menu *menu, const char *label, int64_t value);
/* CHOSEN: menu->at. TOGGLED (Space): the same, and the menu stays. */
enum menu_answer menu_key(struct menu *menu, int key);
/* A press of the mouse. */
enum menu_answer menu_press(struct menu *menu, int row, int col);
void menu_draw(struct menu *menu, struct screen *screen);
void menu_end(struct menu *menu);

#endif
