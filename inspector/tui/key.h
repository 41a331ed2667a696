/* Keys as the program knows them, whichever terminal they come from. A character is its code point. */
#ifndef LEASH_INSPECTOR_KEY_H
#define LEASH_INSPECTOR_KEY_H

#include <stdbool.h>

/* KEY(symbol, name): what no character stands for. */
#define KEYS(KEY)                                                                                                      \
    KEY(UP, "Up")                                                                                                      \
    KEY(DOWN, "Down")                                                                                                  \
    KEY(LEFT, "Left")                                                                                                  \
    KEY(RIGHT, "Right")                                                                                                \
    KEY(PAGE_UP, "PgUp")                                                                                               \
    KEY(PAGE_DOWN, "PgDn")                                                                                             \
    KEY(HOME, "Home")                                                                                                  \
    KEY(END, "End")                                                                                                    \
    KEY(DELETE, "Delete")                                                                                              \
    KEY(BACK_TAB, "S-Tab")                                                                                             \
    KEY(F1, "F1")                                                                                                      \
    KEY(PRESS, "Press")   /* the mouse: its first button */                                                            \
    KEY(DOUBLE, "Double") /* the second press at the same place, soon after the first */                               \
    KEY(DRAG, "Drag")     /* moved with the first button held */                                                       \
    KEY(RELEASE, "Release")                                                                                            \
    KEY(WHEEL_UP, "WheelUp")                                                                                           \
    KEY(WHEEL_DOWN, "WheelDown")                                                                                       \
    KEY(RESIZE, "Resize")     /* the terminal has another size now */                                                  \
    KEY(CONTINUE, "Continue") /* the program goes on after it was stopped */                                           \
    KEY(HANGUP, "Hangup")     /* the program is to end: a signal, or the terminal is gone */

#define KEY(symbol, name) K_##symbol,
enum key {
    K_NONE = 0, /* nothing was typed in the time given */
    K_BACKSPACE = 8,
    K_TAB = 9,
    K_ENTER = 13,
    K_ESCAPE = 27,
    K_SPACE = 32,
    K_BEYOND_CHARACTERS = 0x110000,
    KEYS(KEY)
};
#undef KEY

#define K_CTRL(letter) ((letter)&0x1f)

struct key_event {
    int key;
    int row, col; /* of the mouse */
    bool ctrl;    /* held while the mouse was used */
};

/* "j", "Ctrl-D", "PgDn", "Enter"; of at most 15 bytes. */
const char *key_text(int key, char *text);
#define KEY_NAME 16
/* Reads one name at *at and moves *at behind it and behind one blank; K_NONE: there is none. "zo" is two keys. */
int key_parse(const char **at);

#endif
