/* The terminal: the only part that knows curses. There is one, so it has no handle.
 *
 * It is given back whenever the program ends or stops: by terminal_close(), at exit, after SIGTERM, SIGHUP and SIGINT
 * (which arrive as K_HANGUP), while it is suspended, and in a crash, where nothing but write() and tcsetattr() is used.
 */
#ifndef LEASH_INSPECTOR_TERMINAL_H
#define LEASH_INSPECTOR_TERMINAL_H

#include "key.h"
#include "screen.h"

#include <stddef.h>

struct terminal_options {
    bool ascii;     /* ASCII glyphs, even where the locale has more */
    bool no_colour; /* neither, even where the terminal has some */
    bool no_mouse;
};

/* It can place a cursor; else the reason is in `why`. */
bool terminal_suits(char *why, size_t room);
/* Takes the terminal and opens `screen` in its size. 0, or -ENOTTY with a reason in `why`: it cannot place a cursor. */
int terminal_open(const struct terminal_options *options, struct screen *screen, char *why, size_t room);
void terminal_close(void);

/* Shows what has changed. */
void terminal_show(const struct screen *screen);
/* Draws everything, for a terminal that something else wrote to. */
void terminal_show_again(const struct screen *screen);

/* The next key. K_NONE: `milliseconds` are over (-1: no limit), or `fd` (-1: none) is readable. K_RESIZE: the screen
 * has the new size, and is blank. */
struct key_event terminal_read(struct screen *screen, int milliseconds, int fd);

/* Gives the mouse back to the terminal, or takes it. */
void terminal_mouse(bool ours);
/* Stops the program as ^Z does; returns when it goes on. */
void terminal_suspend(const struct screen *screen);
/* Gives the terminal to another program, and takes it back. */
void terminal_leave(void);
void terminal_return(const struct screen *screen);
/* Bytes that are for the terminal itself: OSC 52. */
void terminal_send(const char *bytes);
/* The signal behind K_HANGUP; 0: the terminal itself is gone. */
int terminal_hangup_signal(void);

#endif
