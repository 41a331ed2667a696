/* Where a trace is written. */
#include "test.h"

#include "recorded.h"

#include <errno.h>
#include <paths.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int setup(void **state)
{
    (void)state;
    recorded_setup();
    return mkdir("real", 0700) || symlink("real", "link");
}

static int teardown(void **state)
{
    (void)state;
    recorded_cleanup();
    return 0;
}

static void test_resolve(void **state)
{
    (void)state;
    char *here = realpath(".", NULL);
    static const struct {
        const char *pattern, *name;
        bool has_pid;
    } cases[] = {
        {"t.db", "/t.db", false},
        {"./t.db", "/t.db", false},
        {"real/t.db", "/real/t.db", false},
        {"link/t.db", "/real/t.db", false},
        {"real/../t-%p.db", "/t-42.db", true},
        {"%p%p", "/4242", true},
        {"100%%p.db", "/100%p.db", false},
        {"50%", "/50%", false},
        {"a%d.db", "/a%d.db", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path;
        bool has_pid;
        assert_int_equal(leash__path_resolve(cases[i].pattern, 42, &path, &has_pid), 0);
        assert_memory_equal(path, here, strlen(here));
        assert_string_equal(path + strlen(here), cases[i].name);
        assert_int_equal(has_pid, cases[i].has_pid);
        free(path);
    }
    free(here);
}

static void test_resolve_absolute(void **state)
{
    (void)state;
    char *path;
    bool has_pid;
    assert_int_equal(leash__path_resolve("/t.db", 42, &path, &has_pid), 0);
    assert_string_equal(path, "/t.db");
    free(path);
}

static void test_resolve_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        int error;
    } cases[] = {
        {"", -EISDIR}, {"real/", -EISDIR}, {".", -EISDIR}, {"real/..", -EISDIR}, {"none/t.db", -ENOENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *path;
        bool has_pid;
        assert_int_equal(leash__path_resolve(cases[i].pattern, 42, &path, &has_pid), cases[i].error);
    }
}

static void test_candidates(void **state)
{
    (void)state;
    static const char *const names[] = {"/a/t.db", "/a/t.db.42", "/a/t.db.42.2", "/a/t.db.42.3"};
    for (unsigned n = 0; n < 4; n++) {
        char *path;
        assert_int_equal(leash__path_candidate("/a/t.db", 42, n, &path), 0);
        assert_string_equal(path, names[n]);
        free(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resolve),
        cmocka_unit_test(test_resolve_absolute),
        cmocka_unit_test(test_resolve_refuses),
        cmocka_unit_test(test_candidates),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
