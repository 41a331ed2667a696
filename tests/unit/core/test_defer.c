/* leash_defer: when deferred functions run, what becomes of the body's outcome, and what is told of those that do not
 * run. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <string.h>
#include <trace_format.h>
#include <types.h>
#include <unistd.h>

#include "sink.h"

/* What happened, a word each. */
struct story {
    char words[512];
    char message[128];
    int code; /* of the body */
    int cleanup_codes[4];
    int rc[8];
    leash_task_t task;
};

static void say(struct story *story, const char *what)
{
    size_t length = strlen(story->words);
    snprintf(story->words + length, sizeof story->words - length, "%s%s", length ? ", " : "", what);
}

static int first(void *arg)
{
    struct story *story = arg;
    say(story, "first");
    int code = story->cleanup_codes[0];
    return code < 0 ? leash_fail(code, "of the first") : code;
}

static int second(void *arg)
{
    struct story *story = arg;
    say(story, "second");
    int code = story->cleanup_codes[1];
    return code < 0 ? leash_fail(code, "of the second") : code;
}

static int slow(void *arg)
{
    struct story *story = arg;
    say(story, "slow");
    int rc = leash_sleep(1);
    say(story, rc == -ECANCELED ? "cut short" : "slept");
    return story->cleanup_codes[2] ? story->cleanup_codes[2] : rc;
}

static void defer(struct story *story, leash_fn_t fn)
{
    if (leash_defer(fn, story) < 0)
        say(story, leash_last_error());
}

/* ---- order ---- */

static int body(void *arg)
{
    struct story *story = arg;
    defer(story, first);
    defer(story, second);
    defer(story, second);
    say(story, "body");
    return story->code < 0 ? leash_fail(story->code, "of the body") : story->code;
}

static void test_in_reverse_order_on_every_way_out(void **state)
{
    struct story story = {.code = 7};
    (void)state;
    assert_int_equal(run_virtual(body, &story), 7);
    assert_string_equal(story.words, "body, second, second, first");
    story = (struct story){.code = -EIO};
    assert_int_equal(run_virtual(body, &story), -EIO);
    assert_string_equal(story.words, "body, second, second, first");
}

static int awaits_inline(void *arg)
{
    struct story *story = arg;
    defer(story, slow);
    story->rc[0] = leash_await(leash_coro(body, story), NULL);
    say(story, "outer");
    return 0;
}

static void test_bodies_awaited_inline_have_their_own(void **state)
{
    struct story story = {.code = 7};
    (void)state;
    assert_int_equal(run_virtual(awaits_inline, &story), 0);
    assert_int_equal(story.rc[0], 7);
    assert_string_equal(story.words, "body, second, second, first, outer, slow, slept");
}

static int defers_more(void *arg)
{
    struct story *story = arg;
    defer(story, first);
    defer(story, slow);
    say(story, "more");
    return leash_return(arg); /* nobody gets it */
}

static int nests(void *arg)
{
    struct story *story = arg;
    defer(story, second);
    defer(story, defers_more);
    return 0;
}

static void test_deferred_functions_may_defer(void **state)
{
    struct story story = {.code = 0};
    (void)state;
    assert_int_equal(run_virtual(nests, &story), 0);
    assert_string_equal(story.words, "more, slow, slept, first, second");
}

static int takes_back(void *arg)
{
    struct story *story = arg;
    defer(story, first);
    defer(story, second);
    defer(story, first);
    defer(story, slow);
    story->rc[0] = leash_undefer(first, story); /* the youngest */
    story->rc[1] = leash_undefer(slow, story);
    story->rc[2] = leash_undefer(slow, story);
    story->rc[3] = leash_undefer(second, NULL);
    return 0;
}

static int cannot_take_back(void *arg)
{
    struct story *story = arg;
    story->rc[4] = leash_undefer(first, story);
    return 0;
}

static int takes_back_and_awaits(void *arg)
{
    struct story *story = arg;
    defer(story, first);
    leash_timeout_t scope = leash_timeout_begin(5); /* is not mistaken for one */
    int rc = leash_await(leash_coro(cannot_take_back, story), NULL);
    return leash_timeout_end(scope, rc);
}

static void test_taking_back(void **state)
{
    struct story story = {.code = 0};
    (void)state;
    assert_int_equal(run_virtual(takes_back, &story), 0);
    assert_string_equal(story.words, "second, first");
    assert_int_equal(story.rc[0], 1);
    assert_int_equal(story.rc[1], 1);
    assert_int_equal(story.rc[2], 0);
    assert_int_equal(story.rc[3], 0);
    story.rc[4] = 5;
    assert_int_equal(run_virtual(takes_back_and_awaits, &story), 0);
    assert_int_equal(story.rc[4], 0);
}

/* A timeout that was left open is closed in its place: the older function is not limited by it, the younger is. */
static int mixes_scopes(void *arg)
{
    struct story *story = arg;
    defer(story, slow);
    leash_timeout_t scope = leash_timeout_begin(0.5);
    defer(story, slow);
    (void)scope;
    return 0;
}

static void test_scopes_of_other_kinds_keep_their_place(void **state)
{
    struct story story = {.code = 0};
    (void)state;
    assert_int_equal(run_virtual(mixes_scopes, &story), -ETIMEDOUT);
    assert_string_equal(story.words, "slow, cut short, slow, slept");
}

/* ---- outcomes ---- */

static int runs_body(void *arg)
{
    struct story *story = arg;
    leash_task_t task = leash_create_task(leash_coro(body, story));
    struct leash_failure failure;
    int rc = leash_await(task, NULL);
    if (leash_failure(task, &failure) == 0)
        snprintf(story->message, sizeof story->message, "%s", failure.message);
    return rc;
}

static void check_outcome(int code, int of_second, int of_first, int expected, const char *message)
{
    struct story story = {.code = code, .cleanup_codes = {of_first, of_second}};
    assert_int_equal(run_virtual(runs_body, &story), expected);
    assert_string_equal(story.message, message);
    assert_string_equal(story.words, "body, second, second, first");
}

static void test_a_failure_takes_the_outcomes_place(void **state)
{
    (void)state;
    check_outcome(-EIO, 0, 5, -EIO, "of the body");
    check_outcome(3, -EBADF, 0, -EBADF, "of the second");
    check_outcome(3, -EBADF, -EIO, -EIO, "of the first");
    check_outcome(-EIO, -EIO, 0, -EIO, "of the second");
    check_outcome(-EIO, -ECANCELED, 0, -ECANCELED, "of the second"); /* nobody cancelled it: a failure like others */
}

static int just_a_code(void *arg)
{
    (void)arg;
    return -EIO;
}

static int fails_without_a_word(void *arg)
{
    struct story *story = arg;
    defer(story, just_a_code);
    return story->code < 0 ? leash_await(leash_coro(body, story), NULL) : 0;
}

static int runs_wordless(void *arg)
{
    struct story *story = arg;
    leash_task_t task = leash_create_task(leash_coro(fails_without_a_word, story));
    struct leash_failure failure = {.message = "?"};
    int rc = leash_await(task, NULL);
    leash_failure(task, &failure);
    snprintf(story->message, sizeof story->message, "%s", failure.message);
    return rc;
}

static void test_the_bodys_message_does_not_stay_with_another_failure(void **state)
{
    struct story story = {.code = -EIO};
    (void)state;
    assert_int_equal(run_virtual(runs_wordless, &story), -EIO);
    assert_string_equal(story.message, "");
}

static void drop(void *arg)
{
    say(arg, "dropped");
}

static int returns_something(void *arg)
{
    struct story *story = arg;
    defer(story, first);
    return leash_return_own(story, drop);
}

static int awaits_something(void *arg)
{
    struct story *story = arg;
    void *result = NULL;
    int rc = leash_await(leash_coro(returns_something, story), &result);
    say(story, result == story ? "got it" : "nothing");
    return rc;
}

static void test_the_result_stays_unless_a_clean_up_fails(void **state)
{
    struct story story = {.code = 0};
    (void)state;
    assert_int_equal(run_virtual(awaits_something, &story), 0);
    assert_string_equal(story.words, "first, got it, dropped");
    story = (struct story){.cleanup_codes = {-EBADF}};
    assert_int_equal(run_virtual(awaits_something, &story), -EBADF);
    assert_string_equal(story.words, "first, dropped, nothing");
}

/* ---- waiting and cancellation ---- */

static int sleeps_and_cleans_up(void *arg)
{
    struct story *story = arg;
    defer(story, slow);
    int rc = leash_sleep(10);
    return story->code ? story->code : rc;
}

static int cancels(void *arg)
{
    struct story *story = arg;
    story->task = leash_create_task(leash_coro(sleeps_and_cleans_up, story));
    leash_sleep(1);
    leash_cancel(story->task, "enough");
    leash_sleep(0.5);
    story->rc[0] = leash_done(story->task); /* the outcome is not final before */
    if (story->rc[1])
        leash_cancel(story->task, "really");
    int rc = leash_await(story->task, NULL);
    story->rc[2] = leash_cancelled(story->task);
    story->rc[3] = leash_time() == 2 ? 2 : 0;
    snprintf(story->message, sizeof story->message, "%s", leash_cancel_message(story->task));
    return rc;
}

static void test_a_cancelled_body_cleans_up_in_peace(void **state)
{
    struct story story = {.code = 0};
    (void)state;
    assert_int_equal(run_virtual(cancels, &story), -ECANCELED);
    assert_string_equal(story.words, "slow, slept");
    assert_int_equal(story.rc[0], 0);
    assert_int_equal(story.rc[2], 1);
    assert_int_equal(story.rc[3], 2);
    assert_string_equal(story.message, "enough");
}

static void test_a_clean_up_may_be_cancelled_too(void **state)
{
    struct story story = {.rc = {0, 1}, .code = 4}; /* the body swallowed the first one */
    (void)state;
    assert_int_equal(run_virtual(cancels, &story), -ECANCELED);
    assert_string_equal(story.words, "slow, cut short");
    assert_int_equal(story.rc[2], 1);
    assert_string_equal(story.message, "really");
    story =
        (struct story){.rc = {0, 1}, .code = 4, .cleanup_codes = {0, 0, 1}}; /* the clean-up swallows the second one */
    assert_int_equal(run_virtual(cancels, &story), 4);
    assert_string_equal(story.words, "slow, cut short");
    assert_int_equal(story.rc[2], 0);
}

static int cancels_itself(void *arg)
{
    struct story *story = arg;
    defer(story, slow);
    leash_cancel(leash_current_task(), NULL);
    return 0;
}

static int awaits_who_cancels_itself(void *arg)
{
    return leash_await(leash_create_task(leash_coro(cancels_itself, arg)), NULL);
}

static void test_a_cancellation_that_waits_reaches_the_clean_up(void **state)
{
    struct story story = {.code = 0};
    (void)state;
    assert_int_equal(run_virtual(awaits_who_cancels_itself, &story), -ECANCELED);
    assert_string_equal(story.words, "slow, cut short");
}

/* What rules must know: a wait in a clean-up, or at the end of a group, swallows no cancellation. */
static int looks(void *arg)
{
    struct story *story = arg;
    story->rc[1] = (int)leash__running()->current->deferring;
    return 0;
}

static int looks_and_awaits(void *arg)
{
    struct story *story = arg;
    defer(story, looks);
    return 0;
}

static int is_marked(void *arg)
{
    struct story *story = arg;
    story->rc[0] = (int)leash__running()->current->deferring;
    defer(story, looks_and_awaits);
    int rc = leash_await(leash_coro(looks_and_awaits, story), NULL);
    story->rc[2] = story->rc[1];
    story->rc[3] = (int)leash__running()->current->deferring;
    return rc;
}

static void test_the_task_is_marked_meanwhile(void **state)
{
    struct story story = {.code = 0};
    (void)state;
    assert_int_equal(run_virtual(is_marked, &story), 0);
    assert_int_equal(story.rc[0], 0);
    assert_int_equal(story.rc[2], 1);
    assert_int_equal(story.rc[3], 0);
    assert_int_equal(story.rc[1], 2);
}

/* ---- what does not run ---- */

static int never_ends(void *arg)
{
    struct story *story = arg;
    defer(story, first);
    defer(story, second);
    for (;;)
        leash_sleep(10);
    return 0;
}

static int leaves_it(void *arg)
{
    struct story *story = arg;
    story->task = leash_create_task_named(leash_coro(never_ends, story), "stubborn");
    leash_sleep(0);
    return 0;
}

/* What the run says on stderr. */
static int run_aloud(leash_fn_t fn, struct story *story, char *said, size_t size)
{
    FILE *file = tmpfile();
    int old = dup(STDERR_FILENO);
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 1;
    options.scan = 0;
    options.cleanup_timeout = 0.01;
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    int rc = leash_run_with(leash_coro(fn, story), &options, NULL);
    fflush(stderr);
    dup2(old, STDERR_FILENO);
    close(old);
    rewind(file);
    said[fread(said, 1, size - 1, file)] = '\0';
    fclose(file);
    return rc;
}

static void test_what_does_not_run_is_told(void **state)
{
    struct story story = {.code = 0};
    char said[1024];
    (void)state;
    assert_int_equal(run_aloud(leaves_it, &story, said, sizeof said), 0);
    assert_string_equal(story.words, "");
    assert_non_null(strstr(said, "\"stubborn\" (tests/unit/core/test_defer.c:"));
    assert_non_null(strstr(said, "was given up: deferred functions that did not run: 2"));
    assert_int_equal(run_virtual(leaves_it, &story), 0); /* quietly */
}

static void from_the_loop(void *arg)
{
    struct story *story = arg;
    story->rc[0] = leash_defer(first, story);
    story->rc[1] = leash_undefer(first, story);
}

static int misuses(void *arg)
{
    struct story *story = arg;
    leash_call_soon(from_the_loop, story);
    leash_sleep(0);
    story->rc[2] = leash_defer(NULL, story);
    return 0;
}

static void test_misuse(void **state)
{
    struct story story = {.code = 0};
    (void)state;
    assert_int_equal(leash_defer(first, &story), -EPERM);
    assert_int_equal(leash_undefer(first, &story), -EPERM);
    assert_int_equal(run_virtual(misuses, &story), 0);
    assert_int_equal(story.rc[0], -EPERM);
    assert_int_equal(story.rc[1], -EPERM);
    assert_int_equal(story.rc[2], -EINVAL);
    assert_string_equal(story.words, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_reverse_order_on_every_way_out),
        cmocka_unit_test(test_bodies_awaited_inline_have_their_own),
        cmocka_unit_test(test_deferred_functions_may_defer),
        cmocka_unit_test(test_taking_back),
        cmocka_unit_test(test_scopes_of_other_kinds_keep_their_place),
        cmocka_unit_test(test_a_failure_takes_the_outcomes_place),
        cmocka_unit_test(test_the_bodys_message_does_not_stay_with_another_failure),
        cmocka_unit_test(test_the_result_stays_unless_a_clean_up_fails),
        cmocka_unit_test(test_a_cancelled_body_cleans_up_in_peace),
        cmocka_unit_test(test_a_clean_up_may_be_cancelled_too),
        cmocka_unit_test(test_a_cancellation_that_waits_reaches_the_clean_up),
        cmocka_unit_test(test_the_task_is_marked_meanwhile),
        cmocka_unit_test(test_what_does_not_run_is_told),
        cmocka_unit_test(test_misuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
