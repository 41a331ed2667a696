#include "tty.h"
#include "test.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOMENT_MS 20000 /* long enough on any machine, short enough for a hang to be noticed */
#define COLS_MAX  300

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the terminal ---- */

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct tty *tty = user;
    if (property == VTERM_PROP_ALTSCREEN)
        tty->alternate = value->boolean;
    if (property == VTERM_PROP_CURSORVISIBLE)
        tty->cursor = value->boolean;
    if (property == VTERM_PROP_MOUSE)
        tty->mouse = value->number != VTERM_PROP_MOUSE_NONE;
    return 1;
}

/* What the terminal answers, and what its mouse does, goes to the program. */
static void on_output(const char *bytes, size_t length, void *user)
{
    const struct tty *tty = user;
    if (write(tty->fd, bytes, length) != (ssize_t)length)
        fail_msg("the program takes no input: %s", strerror(errno));
}

static void open_terminal(struct tty *tty)
{
    static const VTermScreenCallbacks callbacks = {.settermprop = on_property};
    tty->terminal = vterm_new(tty->rows, tty->cols);
    vterm_set_utf8(tty->terminal, 1);
    vterm_output_set_callback(tty->terminal, on_output, tty);
    tty->screen = vterm_obtain_screen(tty->terminal);
    vterm_screen_enable_altscreen(tty->screen, 1);
    vterm_screen_set_callbacks(tty->screen, &callbacks, tty);
    vterm_screen_reset(tty->screen, 1);
}

/* ---- the program ---- */

static void change_environment(const struct tty_options *options)
{
    static const char *const mine[] = {"LINES", "COLUMNS", "NO_COLOR",    "TMUX",     "STY",  "EDITOR",  "VISUAL",
                                       "PAGER", "LESS",    "LEASH_PAGER", "ESCDELAY", "LANG", "LC_CTYPE"};
    char more[1024] = "", *rest = NULL;
    for (size_t i = 0; i < sizeof mine / sizeof *mine; i++)
        unsetenv(mine[i]);
    setenv("TERM", options->terminal ? options->terminal : "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    setenv("XDG_RUNTIME_DIR", options->dir, 1);
    snprintf(more, sizeof more, "%s", options->environment ? options->environment : "");
    for (char *at = strtok_r(more, "\n", &rest); at; at = strtok_r(NULL, "\n", &rest)) {
        char *value = strchr(at, '=');
        if (value)
            *value++ = '\0';
        if (value)
            setenv(at, value, 1);
        else
            unsetenv(at);
    }
}

void tty_start(struct tty *tty, const struct tty_options *options, const char *const *argv)
{
    *tty = (struct tty){
        .rows = options->rows ? options->rows : 30, .cols = options->cols ? options->cols : 100, .cursor = true};
    struct winsize size = {.ws_row = (unsigned short)tty->rows, .ws_col = (unsigned short)tty->cols};
    tty->pid = forkpty(&tty->fd, NULL, NULL, &size);
    if (tty->pid == 0) {
        change_environment(options);
        if (chdir(options->dir) == 0)
            execvp(argv[0], (char *const *)argv);
        _exit(99);
    }
    assert_true(tty->pid > 0);
    assert_int_equal(tcgetattr(tty->fd, &tty->at_start), 0);
    open_terminal(tty);
}

void tty_close(struct tty *tty)
{
    if (!tty->terminal)
        return;
    if (tty->pid > 0) {
        kill(tty->pid, SIGKILL);
        waitpid(tty->pid, NULL, 0);
    }
    close(tty->fd);
    vterm_free(tty->terminal);
    free(tty->log);
    *tty = (struct tty){0};
}

/* ---- what comes from it ---- */

static void keep(struct tty *tty, const char *bytes, size_t length)
{
    if (tty->length + length + 1 > tty->capacity) {
        tty->capacity = (tty->length + length + 1) * 2;
        tty->log = realloc(tty->log, tty->capacity);
        assert_non_null(tty->log);
    }
    memcpy(tty->log + tty->length, bytes, length);
    tty->length += length;
    tty->log[tty->length] = '\0';
    vterm_input_write(tty->terminal, bytes, length);
}

static void take(struct tty *tty, int milliseconds)
{
    char bytes[4096];
    struct pollfd input = {.fd = tty->fd, .events = POLLIN};
    if (tty->over || poll(&input, 1, milliseconds) <= 0)
        return;
    ssize_t got = read(tty->fd, bytes, sizeof bytes);
    if (got > 0)
        keep(tty, bytes, (size_t)got);
    else if (got == 0 || errno != EINTR)
        tty->over = true;
}

const char *tty_row(struct tty *tty, int row)
{
    static char text[COLS_MAX * VTERM_MAX_CHARS_PER_CELL * 4 + 1];
    const VTermRect rect = {.start_row = row, .end_row = row + 1, .start_col = 0, .end_col = tty->cols};
    size_t length = vterm_screen_get_text(tty->screen, text, sizeof text - 1, rect);
    while (length && (text[length - 1] == ' ' || text[length - 1] == '\n'))
        length--;
    text[length] = '\0';
    return text;
}

int tty_row_of(struct tty *tty, const char *text)
{
    for (int row = 0; row < tty->rows; row++)
        if (strstr(tty_row(tty, row), text))
            return row;
    return -1;
}

bool tty_shows(struct tty *tty, const char *text)
{
    return tty_row_of(tty, text) >= 0;
}

bool tty_is_reverse(struct tty *tty, int row, int col)
{
    VTermScreenCell cell;
    return vterm_screen_get_cell(tty->screen, (VTermPos){row, col}, &cell) && cell.attrs.reverse;
}

bool tty_wrote(const struct tty *tty, const char *bytes)
{
    return tty->log && memmem(tty->log, tty->length, bytes, strlen(bytes));
}

static void give_up(struct tty *tty, const char *what, const char *text)
{
    for (int row = 0; row < tty->rows; row++)
        print_message("|%s\n", tty_row(tty, row));
    fail_msg("%s \"%s\"%s", what, text, tty->over ? ": the program has ended" : "");
}

/* ---- waiting ---- */

void tty_wait(struct tty *tty, const char *text)
{
    for (const long late = now_ms() + MOMENT_MS; !tty_shows(tty, text); take(tty, 100))
        if (tty->over || now_ms() > late)
            give_up(tty, "waited in vain for", text);
}

void tty_wait_gone(struct tty *tty, const char *text)
{
    for (const long late = now_ms() + MOMENT_MS; tty_shows(tty, text); take(tty, 100))
        if (tty->over || now_ms() > late)
            give_up(tty, "waited in vain for the end of", text);
}

void tty_wait_in_row(struct tty *tty, int row, const char *text)
{
    for (const long late = now_ms() + MOMENT_MS; !strstr(tty_row(tty, row), text); take(tty, 100))
        if (tty->over || now_ms() > late)
            give_up(tty, "waited in vain in one row for", text);
}

int tty_end(struct tty *tty)
{
    int status;
    for (const long late = now_ms() + MOMENT_MS; !tty->over; take(tty, 100))
        if (now_ms() > late)
            give_up(tty, "waited in vain for", "the end of the program");
    assert_int_equal(waitpid(tty->pid, &status, 0), tty->pid);
    tty->pid = 0;
    tty->code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return tty->code;
}

void tty_expect_restored(struct tty *tty)
{
    struct termios now;
    assert_false(tty->alternate);
    assert_true(tty->cursor);
    assert_false(tty->mouse);
    if (tcgetattr(tty->fd, &now) != 0) /* some systems forget it with the last process */
        return;
    assert_int_equal(now.c_lflag & (ECHO | ICANON | ISIG), tty->at_start.c_lflag & (ECHO | ICANON | ISIG));
    assert_int_equal(now.c_iflag & (ICRNL | IXON), tty->at_start.c_iflag & (ICRNL | IXON));
    assert_int_equal(now.c_oflag & OPOST, tty->at_start.c_oflag & OPOST);
}

/* ---- what goes to it ---- */

void tty_send(struct tty *tty, const char *keys)
{
    on_output(keys, strlen(keys), tty);
}

void tty_click(struct tty *tty, int row, int col, int button)
{
    vterm_mouse_move(tty->terminal, row, col, VTERM_MOD_NONE);
    vterm_mouse_button(tty->terminal, button, true, VTERM_MOD_NONE);
    if (button < 4)
        vterm_mouse_button(tty->terminal, button, false, VTERM_MOD_NONE);
}

void tty_resize(struct tty *tty, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    tty->rows = rows;
    tty->cols = cols;
    vterm_set_size(tty->terminal, rows, cols);
    assert_int_equal(ioctl(tty->fd, TIOCSWINSZ, &size), 0);
}
