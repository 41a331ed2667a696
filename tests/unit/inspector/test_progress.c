/* Progress: one line on a terminal, and gone at the end. */
#include "progress.h"
#include "test.h"

#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct terminal {
    int master, saved; /* saved: our own standard error */
};

static void terminal_begin(struct terminal *terminal, unsigned short columns)
{
    int slave;
    struct winsize size = {.ws_row = 24, .ws_col = columns};
    assert_int_equal(openpty(&terminal->master, &slave, NULL, NULL, &size), 0);
    terminal->saved = dup(STDERR_FILENO);
    assert_int_equal(dup2(slave, STDERR_FILENO), STDERR_FILENO);
    close(slave);
}

static void terminal_end(struct terminal *terminal)
{
    assert_int_equal(dup2(terminal->saved, STDERR_FILENO), STDERR_FILENO);
    close(terminal->saved);
    close(terminal->master);
}

/* Reads until `text` has at least `length` bytes: waits for as long as that takes. */
static void read_some(const struct terminal *terminal, char *text, size_t length)
{
    size_t have = 0;
    while (have < length) {
        ssize_t got = read(terminal->master, text + have, length - have);
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    text[have] = '\0';
}

static void test_a_line_comes_and_goes(void **state)
{
    (void)state;
    struct terminal terminal;
    char shown[100], erased[100];
    terminal_begin(&terminal, 40);
    progress_begin("opening", "a\033[2Jb.db");
    read_some(&terminal, shown, 40); /* \r and 39 columns */
    progress_end();
    read_some(&terminal, erased, 41);
    terminal_end(&terminal);
    assert_int_equal(strncmp(shown, "\rleash: opening a\\x1b[2Jb.db ... 0.5s", 37), 0);
    assert_int_equal(strlen(shown), 40);
    assert_int_equal(*erased, '\r');
    assert_int_equal(strspn(erased + 1, " "), 39);
    assert_string_equal(erased + 40, "\r");
}

/* What is quick says nothing: the first byte that arrives is our own. */
static void test_what_is_quick_is_not_told(void **state)
{
    (void)state;
    struct terminal terminal;
    char shown[2];
    terminal_begin(&terminal, 80);
    progress_begin("opening", "a.db");
    progress_begin("opening", "b.db");
    progress_end();
    progress_end();
    assert_int_equal(write(STDERR_FILENO, "!", 1), 1);
    read_some(&terminal, shown, 1);
    terminal_end(&terminal);
    assert_string_equal(shown, "!");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_line_comes_and_goes),
                                       cmocka_unit_test(test_what_is_quick_is_not_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
