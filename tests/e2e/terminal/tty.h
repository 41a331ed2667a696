/* A terminal in the test's own process: a program runs on its one end, at the other are keys, a mouse, and the cells of
 * the screen. Nothing is timed: a test waits for what it wants to see. Failures assert and print the screen. */
#ifndef LEASH_TEST_TTY_H
#define LEASH_TEST_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

struct tty {
    pid_t pid;
    int fd, rows, cols;
    VTerm *terminal;
    VTermScreen *screen;
    /* What the program has asked of the terminal. */
    bool alternate, cursor, mouse;
    struct termios at_start;
    char *log; /* every byte that it wrote */
    size_t length, capacity;
    bool over; /* nothing more will come */
    int code;  /* valid after tty_end(): exit code, or 128 + signal */
};

struct tty_options {
    const char *dir;
    int rows, cols;          /* 0: 30, 100 */
    const char *terminal;    /* TERM; NULL: xterm-256color */
    const char *environment; /* more of it: "NAME=value\nNAME=value", a name alone is taken out; may be NULL */
};

/* Starts argv, NULL at its end, with a terminal of its own. */
void tty_start(struct tty *tty, const struct tty_options *options, const char *const *argv);
/* Ends it if it has not ended, and releases everything. */
void tty_close(struct tty *tty);

void tty_send(struct tty *tty, const char *keys);
/* Button 1 to 3; 4 and 5 are the wheel. As the terminal tells it to a program that asked for the mouse. */
void tty_click(struct tty *tty, int row, int col, int button);
void tty_resize(struct tty *tty, int rows, int cols);

/* Waits until the screen shows it, or no longer shows it. */
void tty_wait(struct tty *tty, const char *text);
void tty_wait_gone(struct tty *tty, const char *text);
/* Waits until that row holds it. */
void tty_wait_in_row(struct tty *tty, int row, const char *text);
/* Waits until the program has ended; its exit code, or 128 + the signal. */
int tty_end(struct tty *tty);

bool tty_shows(struct tty *tty, const char *text);
/* The row that shows it, counted from 0; -1: none. */
int tty_row_of(struct tty *tty, const char *text);
/* One row, without trailing blanks; valid until the next call. */
const char *tty_row(struct tty *tty, int row);
bool tty_is_reverse(struct tty *tty, int row, int col);
/* The program has written these bytes at some time. */
bool tty_wrote(const struct tty *tty, const char *bytes);
/* Line discipline, screen, cursor and mouse are as they were before the program. */
void tty_expect_restored(struct tty *tty);

#endif
