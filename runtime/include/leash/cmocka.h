/* Leaks in tests of cmocka: each test has a scope of its own (leash/leaks.h), and fails if anything of it leaks.
 *
 *     #include <leash.h>
 *     #include <leash/cmocka.h>
 *     ...
 *     const struct CMUnitTest tests[] = {
 *         leash_cmocka_unit_test(parses_a_header),
 *         leash_cmocka_unit_test_setup_teardown(serves, open_server, close_server),
 *     };
 *     return cmocka_run_group_tests(tests, NULL, NULL);
 *
 * The message is the report, and its file and line are those where the first leak was made. As the check is part of the
 * test's teardown, cmocka counts such a test as an error, like any whose teardown fails; one that fails by an assertion
 * of its own may have leaked because of it, and is told of twice.
 *
 * leash.h does not include it: programs need no cmocka. It includes cmocka.h and what that needs. A failing assertion
 * inside of a task jumps off its stack: write down what a task saw, and assert after leash_run. */
#ifndef LEASH_CMOCKA_H
#define LEASH_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <leash/leaks.h>
#include <leash/loop.h>

#ifdef __cplusplus
extern "C" {
#endif
#include <cmocka.h>

/* Name, file and line of a test, as one constant text with zeroes between. */
#define LEASH__CMOCKA_TEXT(line)  #line
#define LEASH__CMOCKA_LINE(line)  LEASH__CMOCKA_TEXT(line)
#define LEASH__CMOCKA_PLACE(test) #test "\0" __FILE__ "\0" LEASH__CMOCKA_LINE(__LINE__)

/* A test whose own setup and teardown run inside of its scope. */
struct leash_cmocka_case {
    const char *place;
    CMFixtureFunction setup, teardown; /* NULL: none */
    void *state;                       /* that setup begins with */
};

/* The test that runs, of this file's: cmocka runs one at a time. */
static struct {
    struct leash_cmocka_case it;
    struct leash_site site;
} leash__cmocka;

/* ---- to be called by hand: in fixtures of one's own ---- */

/* leash_cmocka_begin(name): opens the scope of a test, or fails it. */
#define leash_cmocka_begin(...) leash__cmocka_begin((__VA_ARGS__), LEASH_SITE("leash_cmocka_begin"))
static inline void leash__cmocka_begin(const char *name, struct leash_site *site)
{
    if (leash__leaks_begin(name, site) < 0) {
        print_error("%s\n", leash_last_error());
        _fail(site->file, (int)site->line);
    }
}

/* What leash_cmocka_end shows of the leaks: the place of the first one. */
static inline void leash__cmocka_first(const struct leash_leak_info *leak, void *arg)
{
    struct leash_site *first = (struct leash_site *)arg;
    if (!first->line) {
        first->line = leak->line;
        snprintf((char *)(uintptr_t)first->file, 512, "%s", leak->file);
    }
}

/* Ends the scope, and fails the test with the report if anything leaks. `given` as for leash_leaks_end (NULL: all
 * counts); its text, text_size, each and arg are not heeded. */
static inline void leash_cmocka_end(const struct leash_leaks_options *given)
{
    char text[8192], file[512] = "?";
    struct leash_site first = {LEASH_SITE_VERSION, 0, file, "", "", 0, 0};
    struct leash_leaks_options options = LEASH_LEAKS_OPTIONS_INIT;
    if (given)
        options = *given;
    options.text = text;
    options.text_size = sizeof text;
    options.each = leash__cmocka_first;
    options.arg = &first;
    const int count = leash_leaks_end(&options);
    if (count == 0)
        return;
    print_error("%s\n", count < 0 ? leash_last_error() : text);
    _fail(file, (int)first.line);
}

/* ---- what the macros below begin and end with ---- */

static inline void leash__cmocka_begin_at(const char *place)
{
    const char *file = place + strlen(place) + 1, *line = file + strlen(file) + 1;
    struct leash_site site = {LEASH_SITE_VERSION, (uint32_t)atoi(line), file, "", "leash_cmocka_unit_test", 0, 0};
    leash__cmocka.site = site;
    leash__cmocka_begin(place, &leash__cmocka.site);
}

static inline int leash__cmocka_setup(void **state)
{
    const char *place = (const char *)*state;
    *state = (void *)0;
    leash__cmocka_begin_at(place);
    return 0;
}

static inline int leash__cmocka_teardown(void **state)
{
    (void)state;
    leash_cmocka_end((const struct leash_leaks_options *)0);
    return 0;
}

static inline int leash__cmocka_case_setup(void **state)
{
    leash__cmocka.it = *(const struct leash_cmocka_case *)*state;
    *state = leash__cmocka.it.state;
    leash__cmocka_begin_at(leash__cmocka.it.place);
    const int rc = leash__cmocka.it.setup ? leash__cmocka.it.setup(state) : 0;
    if (rc != 0)
        leash_leaks_discard(); /* cmocka calls no teardown then */
    return rc;
}

static inline int leash__cmocka_case_teardown(void **state)
{
    const int rc = leash__cmocka.it.teardown ? leash__cmocka.it.teardown(state) : 0;
    leash_cmocka_end((const struct leash_leaks_options *)0);
    return rc;
}

/* ---- as cmocka's macros of these names ---- */

#define leash_cmocka_unit_test(test)                                                                                   \
    {                                                                                                                  \
#test, test, leash__cmocka_setup, leash__cmocka_teardown, (void *)(uintptr_t)LEASH__CMOCKA_PLACE(test)         \
    }
/* These in a function only. setup and teardown may be NULL. */
#define leash_cmocka_unit_test_setup_teardown(test, setup, teardown)                                                   \
    leash_cmocka_unit_test_prestate_setup_teardown(test, setup, teardown, (void *)0)
#define leash_cmocka_unit_test_prestate_setup_teardown(test, setup_fn, teardown_fn, initial)                           \
    {                                                                                                                  \
#test, test, leash__cmocka_case_setup, leash__cmocka_case_teardown, (__extension__({                           \
            static struct leash_cmocka_case leash__case;                                                               \
            leash__case.place = LEASH__CMOCKA_PLACE(test);                                                             \
            leash__case.setup = (setup_fn);                                                                            \
            leash__case.teardown = (teardown_fn);                                                                      \
            leash__case.state = (initial);                                                                             \
            (void *)&leash__case;                                                                                      \
        }))                                                                                                            \
    }

#ifdef __cplusplus
}
#endif
#endif
