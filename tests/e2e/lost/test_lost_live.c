/* A trace of a program that runs says which tasks are lost, and takes it back when they are not any more. */
#include "test.h"
#include "watched.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOST     "SELECT count(*) FROM leak WHERE class = 'unreferenced' AND name = 'sleeper'"
#define OF_LAST  " FROM task WHERE name = 'sleeper' ORDER BY id DESC LIMIT 1"
#define COMPLETE "SELECT coalesce(min(complete), 0) FROM scan"

static struct watched program;

static void tell(char letter)
{
    char answer = 0;
    assert_int_equal(write(program.to, &letter, 1), 1);
    assert_int_equal(read(program.from, &answer, 1), 1);
    assert_int_equal(answer, letter);
}

static int begin(void **state)
{
    (void)state;
    watched_start(&program, PROGRAM, "");
    return 0;
}

/* It may take its time to write to much memory. */
static int begin_patient(void **state)
{
    (void)state;
    watched_start(&program, PROGRAM, "blocked_ms=0");
    return 0;
}

static int end(void **state)
{
    (void)state;
    watched_clean(&program);
    return 0;
}

static void test_lost_and_found_again(void **state)
{
    (void)state;
    tell('h');
    assert_true(watched_becomes(&program, LOST, "1"));
    assert_string_equal(watched_ask(&program, "SELECT lost_ns > created_ns AND held_ns IS NULL" OF_LAST), "1");
    assert_string_equal(watched_ask(&program, COMPLETE), "1");
    tell('b');
    assert_true(watched_becomes(&program, LOST, "0"));
    assert_string_equal(watched_ask(&program, "SELECT held_ns > lost_ns" OF_LAST), "1");
    assert_int_equal(watched_end(&program, 0), 0);
    assert_string_equal(watched_ask(&program, LOST), "0"); /* it is pending, and held */
    assert_string_equal(watched_ask(&program, "SELECT group_concat(class) FROM leak"), "pending-at-exit");
}

/* Its memory is searched in a snapshot. */
static void test_with_much_memory(void **state)
{
    (void)state;
    tell('m');
    tell('h');
    assert_true(watched_becomes(&program, LOST, "1"));
    assert_string_equal(watched_ask(&program, COMPLETE), "1");
    tell('d');
    assert_int_equal(watched_end(&program, 0), 0);
    assert_string_equal(watched_ask(&program, LOST), "0");
}

static void test_detached_later(void **state)
{
    (void)state;
    tell('h');
    assert_true(watched_becomes(&program, LOST, "1"));
    tell('d');
    assert_true(watched_becomes(&program, LOST, "0"));
    assert_true(watched_becomes(&program, "SELECT held_ns > lost_ns" OF_LAST, "1"));
    assert_int_equal(watched_end(&program, 0), 0);
}

static void test_killed(void **state)
{
    (void)state;
    tell('h');
    tell('h');
    assert_true(watched_becomes(&program, LOST, "2"));
    assert_int_equal(watched_end(&program, SIGKILL), 1000 + SIGKILL);
    assert_string_equal(watched_ask(&program, LOST), "2");
}

/* Spins between two looks outside: now and then it is looked at all the same. */
static void test_never_idle(void **state)
{
    (void)state;
    tell('n');
    tell('h');
    assert_true(watched_becomes(&program, LOST, "1"));
    assert_int_equal(watched_end(&program, 0), 0);
}

/* Nothing runs any more, so nothing can have been lost: the loop sleeps, and does not get up for a scan. */
static void test_idle_for_good(void **state)
{
    char scans[100];
    (void)state;
    tell('h');
    assert_true(watched_becomes(&program, LOST, "1"));
    sleep(1); /* of the letter's own iteration there may be a scan yet */
    strcpy(scans, watched_ask(&program, "SELECT count(*) FROM scan"));
    sleep(3);
    assert_string_equal(watched_ask(&program, "SELECT count(*) FROM scan"), scans);
    assert_int_equal(watched_end(&program, 0), 0);
}

static void test_at_the_end_only(void **state)
{
    (void)state;
    watched_start(&program, PROGRAM, "scan=1");
    tell('h');
    sleep(2);
    assert_string_equal(watched_ask(&program, "SELECT count(*) FROM scan"), "0");
    assert_int_equal(watched_end(&program, 0), 0);
    assert_string_equal(watched_ask(&program, LOST), "1");
}

/* Not under a sanitizer or Valgrind, where the program says so in its trace. */
static bool can_scan(void)
{
    watched_start(&program, PROGRAM, "");
    tell('h');
    watched_end(&program, 0);
    bool can = strcmp(watched_ask(&program, "SELECT reason FROM scan"), "sanitizer") != 0;
    watched_clean(&program);
    return can;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lost_and_found_again, begin, end),
        cmocka_unit_test_setup_teardown(test_with_much_memory, begin_patient, end),
        cmocka_unit_test_setup_teardown(test_detached_later, begin, end),
        cmocka_unit_test_setup_teardown(test_killed, begin, end),
        cmocka_unit_test_setup_teardown(test_never_idle, begin, end),
        cmocka_unit_test_setup_teardown(test_idle_for_good, begin, end),
        cmocka_unit_test_teardown(test_at_the_end_only, end),
    };
    signal(SIGPIPE, SIG_IGN);
    if (!can_scan())
        return 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
