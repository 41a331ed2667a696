/* Options: the text of LEASH_OPTIONS, and who wins. */
#include "test.h"

#include <errno.h>
#include <options.h>
#include <options_text.h>
#include <stdlib.h>
#include <string.h>

#define ENVIRONMENT "seed=7:steps=1:overflow=drop:stack_size=32k:trace=low.db"

static char complaints[2048];
static const struct leash_options unset = LEASH_OPTIONS_INIT;

static void note(const char *message, void *argument)
{
    (void)argument;
    size_t length = strlen(complaints);
    snprintf(complaints + length, sizeof complaints - length, "%s\n", message);
}

static int parse(const char *text, struct leash_options *out)
{
    memcpy(out, &unset, sizeof unset); /* its padding too: whole structs are compared */
    complaints[0] = '\0';
    return leash__options_parse(text, out, note, NULL);
}

static void test_nothing(void **state)
{
    (void)state;
    struct leash_options options;
    assert_int_equal(parse("", &options), 0);
    assert_memory_equal(&options, &unset, sizeof unset);
    assert_int_equal(parse(" :, ::\n", &options), 0);
    assert_memory_equal(&options, &unset, sizeof unset);
}

static void test_every_option(void **state)
{
    (void)state;
    struct leash_options options;
    int bad = parse("trace='/tmp/a b:c.db':stack_size=16k spool_size=64M,cleanup_timeout=0.25:blocked_ms=20\tseed=0x10:"
                    "exitcode=23:virtual_time=1:stacks=yes:steps=true:scan=no:report=0:overflow=drop:on_deadlock="
                    "cancel:stop_signal=40",
                    &options);
    assert_int_equal(bad, 0);
    assert_string_equal(complaints, "");
    assert_string_equal(options.trace, "/tmp/a b:c.db");
    free((char *)(uintptr_t)options.trace);
    assert_int_equal(options.stack_size, 16 << 10);
    assert_int_equal(options.spool_size, 64 << 20);
    assert_true(options.cleanup_timeout == 0.25);
    assert_int_equal(options.blocked_ms, 20);
    assert_int_equal(options.seed, 16);
    assert_int_equal(options.exitcode, 23);
    assert_int_equal(options.virtual_time, 1);
    assert_int_equal(options.stacks, 1);
    assert_int_equal(options.steps, 1);
    assert_int_equal(options.scan, 0);
    assert_int_equal(options.report, 0);
    assert_int_equal(options.overflow, LEASH_OVERFLOW_DROP);
    assert_int_equal(options.on_deadlock, LEASH_ON_DEADLOCK_CANCEL);
    assert_int_equal(options.stop_signal, 40);
}

/* Each text holds one bad option, which must be named, and seed=5, which must be taken all the same. */
static void test_bad_options_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *named;
    } cases[] = {
        {"stakcs=1:seed=5", "\"stakcs\" is no option; the options are: trace stack_size"},
        {"seed=5:=3", "\"\" is no option"},
        {"steps:seed=5", "\"steps\" has no value"},
        {"steps=:seed=5", "\"steps\" has a bad value \"\": 0 or 1 expected"},
        {"steps=2:seed=5", "\"steps\" has a bad value \"2\""},
        {"seed=5:seed=-1", "\"seed\" has a bad value \"-1\": a whole number"},
        {"seed=5:seed=18446744073709551616", "\"seed\" has a bad value"},
        {"seed=5:seed=9x", "\"seed\" has a bad value \"9x\""},
        {"spool_size=1q:seed=5", "\"spool_size\" has a bad value \"1q\": a number of bytes"},
        {"spool_size=99999999999999g:seed=5", "\"spool_size\" has a bad value"},
        {"cleanup_timeout=nan:seed=5", "\"cleanup_timeout\" has a bad value \"nan\""},
        {"cleanup_timeout=-1:seed=5", "\"cleanup_timeout\" has a bad value"},
        {"blocked_ms=4294967296:seed=5", "\"blocked_ms\" has a bad value"},
        {"exitcode=256:seed=5", "\"exitcode\" has a bad value \"256\": an exit code"},
        {"overflow=maybe:seed=5", "\"overflow\" has a bad value \"maybe\": wait or drop expected"},
        {"on_deadlock=hang:seed=5", "\"on_deadlock\" has a bad value \"hang\": end, report, cancel or abort expected"},
        {"stop_signal=9:seed=5", "\"stop_signal\" has a bad value \"9\": 0 (none) or the number of a real-time"},
        {"stop_signal=65:seed=5", "\"stop_signal\" has a bad value \"65\""},
        {"trace='a'b:seed=5", "\"trace\" has something behind its closing quote"},
        {"seed=5:trace=\"a:steps=1", "\"trace\" has a quote that is never closed"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct leash_options options;
        assert_int_equal(parse(cases[i].text, &options), 1);
        if (!strstr(complaints, cases[i].named))
            fail_msg("\"%s\": \"%s\" is not in \"%s\"", cases[i].text, cases[i].named, complaints);
        assert_int_equal(options.seed, 5);
        assert_int_equal(options.steps, -1);
    }
}

static void test_each_bad_option_is_named(void **state)
{
    (void)state;
    struct leash_options options;
    assert_int_equal(parse("a=1:b=2:scan=7:c", &options), 4);
    assert_non_null(strstr(complaints, "\"a\""));
    assert_non_null(strstr(complaints, "\"b\""));
    assert_non_null(strstr(complaints, "\"scan\""));
    assert_non_null(strstr(complaints, "\"c\""));
}

/* `leash` reads the same variable; what is for it is not wrong here, and what is wrong beside it is. */
static void test_the_inspectors_options_are_left_alone(void **state)
{
    (void)state;
    struct leash_options options;
    assert_int_equal(parse("inspector.color=never:seed=3:inspector.ascii:inspector.fail-on='a,b':steps=1", &options),
                     0);
    assert_int_equal(options.seed, 3);
    assert_int_equal(options.steps, 1);
    assert_int_equal(parse("inspector.x=':inspectors.y=1", &options), 0);
    assert_int_equal(parse("inspector.x=1:inspectors.y=1", &options), 1);
    assert_non_null(strstr(complaints, "inspectors.y"));
}

/* The environment was set by main: it is read once a process. */
static void test_environment_beats_defaults(void **state)
{
    (void)state;
    struct leash_options options;
    assert_int_equal(leash__options_effective(NULL, &options), 0);
    assert_int_equal(options.seed, 7);
    assert_int_equal(options.steps, 1);
    assert_int_equal(options.overflow, LEASH_OVERFLOW_DROP);
    assert_int_equal(options.stack_size, 32 << 10);
    assert_string_equal(options.trace, "high.db"); /* LEASH_TRACE beats trace= */
    assert_int_equal(options.spool_size, LEASH_SPOOL_SIZE_DEFAULT);
    assert_true(options.cleanup_timeout == 5);
    assert_int_equal(options.blocked_ms, 100);
    assert_int_equal(options.virtual_time, 0);
    assert_int_equal(options.stacks, 0);
    assert_int_equal(options.scan, LEASH_SCAN_RUNNING);
    assert_int_equal(options.report, 1);
}

static void test_program_beats_environment(void **state)
{
    (void)state;
    struct leash_options given = LEASH_OPTIONS_INIT, options;
    given.trace = "mine.db";
    given.seed = 3;
    given.steps = 0;
    given.overflow = LEASH_OVERFLOW_WAIT;
    assert_int_equal(leash__options_effective(&given, &options), 0);
    assert_string_equal(options.trace, "mine.db");
    assert_int_equal(options.seed, 3);
    assert_int_equal(options.steps, 0);
    assert_int_equal(options.overflow, LEASH_OVERFLOW_WAIT);
    assert_int_equal(options.stack_size, 32 << 10);
}

/* 0 is a limit that is none: it counts as set. */
static void test_blocked_can_be_off(void **state)
{
    (void)state;
    struct leash_options given = LEASH_OPTIONS_INIT, options;
    given.blocked_ms = 0;
    assert_int_equal(leash__options_effective(&given, &options), 0);
    assert_int_equal(options.blocked_ms, 0);
    assert_int_equal(parse("blocked_ms=0", &given), 0);
    assert_int_equal(given.blocked_ms, 0);
}

static void test_older_and_newer_headers(void **state)
{
    (void)state;
    struct {
        struct leash_options known;
        int later[4];
    } newer = {LEASH_OPTIONS_INIT, {1, 2, 3, 4}};
    struct leash_options options, older = LEASH_OPTIONS_INIT;
    newer.known.size = sizeof newer;
    newer.known.blocked_ms = 9;
    assert_int_equal(leash__options_effective(&newer.known, &options), 0);
    assert_int_equal(options.blocked_ms, 9);
    older.blocked_ms = 9;
    older.size = offsetof(struct leash_options, blocked_ms);
    assert_int_equal(leash__options_effective(&older, &options), 0);
    assert_int_equal(options.blocked_ms, 100);
    older.size = 0;
    assert_int_equal(leash__options_effective(&older, &options), -EINVAL);
    older.size = (size_t)1 << 40;
    assert_int_equal(leash__options_effective(&older, &options), -EINVAL);
}

int main(void)
{
    setenv("LEASH_OPTIONS", ENVIRONMENT, 1);
    setenv("LEASH_TRACE", "high.db", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_every_option),
        cmocka_unit_test(test_bad_options_are_named),
        cmocka_unit_test(test_each_bad_option_is_named),
        cmocka_unit_test(test_the_inspectors_options_are_left_alone),
        cmocka_unit_test(test_environment_beats_defaults),
        cmocka_unit_test(test_program_beats_environment),
        cmocka_unit_test(test_blocked_can_be_off),
        cmocka_unit_test(test_older_and_newer_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
