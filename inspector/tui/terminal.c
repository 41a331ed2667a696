#include "terminal.h"
#include "clock.h"
#include "restore.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

/* A press and a release that come together are one click to curses, two clicks a double one. */
#define BUTTON1_DOWN    (BUTTON1_PRESSED | BUTTON1_CLICKED)
#define BUTTON1_TWICE   (BUTTON1_DOUBLE_CLICKED | BUTTON1_TRIPLE_CLICKED)
#define ESCAPE_DELAY_MS 25
#define DOUBLE_MS       400

static struct {
    SCREEN *curses;
    bool open, away;  /* away: another program has it */
    bool own_colours; /* the terminal's own colours can be asked for */
    bool mouse;       /* it has one */
    bool mouse_ours;
    int signals[2]; /* a byte each, from the handlers */
    int ending;     /* the signal that asked for it */
    struct {
        int row, col;
        int64_t ms;
    } pressed; /* the mouse, last */
} tty;

/* ---- signals: each is a byte in a pipe, read beside the keyboard ---- */

static void on_signal(int number)
{
    int kept = errno;
    unsigned char byte = (unsigned char)number;
    (void)!write(tty.signals[1], &byte, 1);
    errno = kept;
}

static void catch_signals(void)
{
    static const int numbers[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &(struct sigaction){.sa_handler = on_signal, .sa_flags = SA_RESTART}, NULL);
    signal(SIGPIPE, SIG_IGN); /* clipboard programs may die */
}

int terminal_hangup_signal(void)
{
    return tty.ending;
}

/* ---- opening and closing ---- */

bool terminal_suits(char *why, size_t room)
{
    int rc;
    const char *name = getenv("TERM");
    bool known = name && *name && setupterm(NULL, STDOUT_FILENO, &rc) == OK;
    char *cup = known ? tigetstr("cup") : NULL;
    bool able = cup && cup != (char *)-1;
    if (known)
        del_curterm(cur_term);
    if (!able)
        snprintf(why, room, "terminal \"%s\" cannot show the TUI", name ? name : "");
    return able;
}

static enum colours start_colours(bool wanted)
{
    if (!wanted || !has_colors() || start_color() == ERR)
        return COLOURS_NONE;
    tty.own_colours = use_default_colors() == OK;
    return COLORS >= 256 ? COLOURS_256 : COLORS >= 16 ? COLOURS_16 : COLORS >= 8 ? COLOURS_8 : COLOURS_NONE;
}

void terminal_mouse(bool ours)
{
    if (!tty.mouse)
        return;
    tty.mouse_ours = ours;
    mousemask(ours ? ALL_MOUSE_EVENTS | REPORT_MOUSE_POSITION : 0, NULL);
    terminal_send(ours ? "\033[?1002h" : "\033[?1002l"); /* motion while a button is held */
}

/* Leaves the mouse, the colours, the hidden cursor, the second screen. */
static const char *farewell(void)
{
    static const char *const capabilities[] = {"sgr0", "cnorm", "rmkx", "rmcup"};
    static char bytes[256];
    size_t length = (size_t)snprintf(bytes, sizeof bytes, "\033[?1000l\033[?1002l\033[?1006l");
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++) {
        const char *text = tigetstr(capabilities[i]);
        if (text && text != (char *)-1 && length + strlen(text) < sizeof bytes) /* up to a delay: "$<5>" */
            length += (size_t)snprintf(bytes + length, sizeof bytes - length, "%.*s", (int)strcspn(text, "$"), text);
    }
    return bytes;
}

static void set_modes(void)
{
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    curs_set(0);
    mouseinterval(0); /* presses as they come: which are double is told here */
}

int terminal_open(const struct terminal_options *options, struct screen *screen, char *why, size_t room)
{
    if (!terminal_suits(why, room))
        return -ENOTTY;
    if (pipe2(tty.signals, O_CLOEXEC | O_NONBLOCK) < 0) {
        snprintf(why, room, "no pipe: %s", strerror(errno));
        return -errno;
    }
    restore_prepare();
    tty.curses = newterm(NULL, stdout, stdin);
    if (!tty.curses) {
        snprintf(why, room, "terminal \"%s\" cannot show the TUI", getenv("TERM"));
        return -ENOTTY;
    }
    set_escdelay(ESCAPE_DELAY_MS);
    set_modes();
    restore_arm(farewell());
    tty.open = true;
    atexit(terminal_close);
    catch_signals();
    char *mouse = tigetstr("kmous");
    tty.mouse = mouse && mouse != (char *)-1;
    terminal_mouse(!options->no_mouse);
    screen_open(screen, LINES, COLS, options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
                start_colours(!options->no_colour));
    return 0;
}

void terminal_close(void)
{
    if (!tty.open)
        return;
    tty.open = false;
    terminal_mouse(false);
    endwin();
    delscreen(tty.curses);
    restore_disarm();
}

/* ---- showing ---- */

static attr_t attributes_of(unsigned look)
{
    return (look & LOOK_BOLD ? A_BOLD : 0) | (look & LOOK_DIM ? A_DIM : 0) | (look & LOOK_UNDERLINE ? A_UNDERLINE : 0) |
           (look & LOOK_REVERSE ? A_REVERSE : 0);
}

static int pair_of(const struct look *look)
{
    int foreground = look->foreground, background = look->background;
    if (foreground < 0 && background < 0)
        return 0;
    if (!tty.own_colours) {
        foreground = foreground < 0 ? COLOR_WHITE : foreground;
        background = background < 0 ? COLOR_BLACK : background;
    }
    int pair = alloc_pair(foreground, background);
    return pair > 0 ? pair : 0;
}

static void show_cell(const struct screen *screen, int row, int col)
{
    const struct screen_cell *cell = &screen->cells[(size_t)row * (size_t)screen->cols + (size_t)col];
    if (cell->code == 0)
        return;
    struct look look = palette_look(cell->role, cell->overlay, screen->colours);
    wchar_t text[3] = {(wchar_t)cell->code, (wchar_t)cell->mark, 0};
    cchar_t shown;
    setcchar(&shown, text, attributes_of(look.attributes), (short)pair_of(&look), NULL);
    mvadd_wch(row, col, &shown);
}

void terminal_show(const struct screen *screen)
{
    erase();
    for (int row = 0; row < screen->rows; row++)
        for (int col = 0; col < screen->cols; col++)
            show_cell(screen, row, col);
    curs_set(screen->cursor_row >= 0);
    if (screen->cursor_row >= 0)
        move(screen->cursor_row, screen->cursor_col);
    refresh();
}

void terminal_show_again(const struct screen *screen)
{
    clearok(curscr, TRUE);
    terminal_show(screen);
}

void terminal_send(const char *bytes)
{
    fputs(bytes, stdout);
    fflush(stdout);
}

/* ---- another program's turn ---- */

void terminal_leave(void)
{
    tty.away = true;
    bool ours = tty.mouse_ours;
    terminal_mouse(false);
    tty.mouse_ours = ours;
    endwin();
    restore_disarm();
}

void terminal_return(const struct screen *screen)
{
    tty.away = false;
    restore_arm(farewell());
    refresh(); /* back into curses' modes */
    set_modes();
    terminal_mouse(tty.mouse_ours);
    terminal_show_again(screen);
}

void terminal_suspend(const struct screen *screen)
{
    struct sigaction ours;
    terminal_leave();
    sigaction(SIGTSTP, &(struct sigaction){.sa_handler = SIG_DFL}, &ours);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
    terminal_return(screen);
}

/* ---- keys ---- */

static int key_of_curses(int code)
{
    static const struct {
        int curses, key;
    } keys[] = {{KEY_UP, K_UP},         {KEY_DOWN, K_DOWN},       {KEY_LEFT, K_LEFT}, {KEY_RIGHT, K_RIGHT},
                {KEY_PPAGE, K_PAGE_UP}, {KEY_NPAGE, K_PAGE_DOWN}, {KEY_HOME, K_HOME}, {KEY_END, K_END},
                {KEY_DC, K_DELETE},     {KEY_BTAB, K_BACK_TAB},   {KEY_F(1), K_F1},   {KEY_BACKSPACE, K_BACKSPACE},
                {KEY_ENTER, K_ENTER},   {KEY_FIND, K_HOME},       {KEY_SELECT, K_END}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].curses == code)
            return keys[i].key;
    return K_NONE;
}

static int press_kind(int row, int col)
{
    int64_t now = clock_now_ns() / 1000000;
    bool twice = tty.pressed.row == row && tty.pressed.col == col && now - tty.pressed.ms < DOUBLE_MS;
    tty.pressed.row = row;
    tty.pressed.col = col;
    tty.pressed.ms = twice ? 0 : now;
    return twice ? K_DOUBLE : K_PRESS;
}

static struct key_event mouse_event(void)
{
    MEVENT mouse;
    if (getmouse(&mouse) == ERR)
        return (struct key_event){.key = K_NONE};
    struct key_event event = {.row = mouse.y, .col = mouse.x, .ctrl = mouse.bstate & BUTTON_CTRL};
    if (mouse.bstate & BUTTON4_PRESSED)
        event.key = K_WHEEL_UP;
    else if (mouse.bstate & BUTTON5_PRESSED)
        event.key = K_WHEEL_DOWN;
    else if (mouse.bstate & BUTTON1_TWICE)
        event.key = K_DOUBLE;
    else if (mouse.bstate & BUTTON1_DOWN)
        event.key = press_kind(mouse.y, mouse.x);
    else if (mouse.bstate & BUTTON1_RELEASED)
        event.key = K_RELEASE;
    else if (mouse.bstate & REPORT_MOUSE_POSITION)
        event.key = K_DRAG;
    return event;
}

static struct key_event key_waiting(void)
{
    wint_t code;
    int rc = get_wch(&code);
    if (rc == ERR)
        return (struct key_event){.key = K_NONE};
    if (rc == KEY_CODE_YES && code == KEY_MOUSE)
        return mouse_event();
    if (rc == KEY_CODE_YES)
        return (struct key_event){.key = key_of_curses((int)code)};
    int key = code == 127 ? K_BACKSPACE : code == '\n' ? K_ENTER : (int)code;
    return (struct key_event){.key = key < K_BEYOND_CHARACTERS ? key : K_NONE};
}

static void take_size(struct screen *screen)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
        resizeterm(size.ws_row, size.ws_col);
    clearok(curscr, TRUE);
    screen_resize(screen, LINES, COLS);
}

/* K_NONE: no signal has come. */
static struct key_event signal_waiting(struct screen *screen)
{
    unsigned char number;
    if (read(tty.signals[0], &number, 1) != 1)
        return (struct key_event){.key = K_NONE};
    switch (number) {
    case SIGWINCH:
        take_size(screen);
        return (struct key_event){.key = K_RESIZE};
    case SIGTSTP:
        return (struct key_event){.key = K_CTRL('Z')};
    case SIGCONT:
        if (tty.away)
            return (struct key_event){.key = K_NONE};
        set_modes();
        terminal_mouse(tty.mouse_ours);
        return (struct key_event){.key = K_CONTINUE};
    default:
        tty.ending = number;
        return (struct key_event){.key = K_HANGUP};
    }
}

struct key_event terminal_read(struct screen *screen, int milliseconds, int fd)
{
    struct pollfd waits[] = {{STDIN_FILENO, POLLIN, 0}, {tty.signals[0], POLLIN, 0}, {fd, POLLIN, 0}};
    struct key_event event = signal_waiting(screen);
    if (event.key == K_NONE)
        event = key_waiting();
    if (event.key != K_NONE)
        return event;
    if (poll(waits, fd >= 0 ? 3 : 2, milliseconds) < 0)
        return (struct key_event){.key = K_NONE};
    event = signal_waiting(screen);
    if (event.key != K_NONE || !waits[0].revents)
        return event;
    event = key_waiting();
    if (event.key == K_NONE && (waits[0].revents & (POLLHUP | POLLERR)))
        event.key = K_HANGUP;
    return event;
}
