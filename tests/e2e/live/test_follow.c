/* A real program that records, followed: what is shown of it while it runs, when it ends, and when it is killed. */
#include "follow.h"
#include "fixture.h"
#include "live.h"
#include "test.h"

#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOMENT_S 20 /* long enough on any machine, short enough for a hang to be noticed */

struct scene {
    struct fixture *fixture;
    struct live live;
    struct model_policy policy;
    struct model_snapshot snapshot;
    struct source_options source;
    struct tui tui;
    struct follow *follow;
};
static struct scene scene;

static void open_trace(void)
{
    struct trace_error error = {""};
    char why[512];
    if (trace_open(scene.fixture->path, &(struct trace_options){.grace = 0}, &scene.tui.trace, &error) < 0)
        fail_msg("%s", error.text);
    if (model_load(scene.tui.trace, NULL, &scene.snapshot, why, sizeof why) < 0)
        fail_msg("%s", why);
    scene.tui.snapshot = &scene.snapshot;
    scene.tui.policy = &scene.policy;
    scene.tui.source = &scene.source;
    scene.follow = follow_new(&scene.tui, NULL);
}

static int begin(void **state)
{
    void *fixture;
    (void)state;
    scene = (struct scene){0};
    fixture_begin(&fixture);
    scene.fixture = fixture;
    live_start(&scene.live, scene.fixture->path);
    live_tell(&scene.live, "t");
    open_trace();
    return 0;
}

static int end(void **state)
{
    void *fixture = scene.fixture;
    (void)state;
    follow_free(scene.follow);
    worker_stop(scene.tui.worker);
    model_free(scene.tui.snapshot);
    trace_close(scene.tui.trace);
    fixture_end(&fixture);
    return 0;
}

/* What the program around it does when no key comes: one look, or one job that is over. */
static void turn(void)
{
    struct pollfd over = {.fd = scene.tui.worker ? worker_fd(scene.tui.worker) : -1, .events = POLLIN};
    int wait = follow_timeout(scene.follow);
    poll(&over, 1, wait < 0 ? 10 : wait);
    if (scene.tui.worker)
        worker_collect(scene.tui.worker);
    follow_look(scene.follow);
}

static bool shows_tasks(int64_t tasks)
{
    return scene.snapshot.run.tasks == tasks;
}

static bool shows_ending(int64_t ending)
{
    return scene.snapshot.run.ending == (enum model_ending)ending;
}

static bool has_news(int64_t unused)
{
    (void)unused;
    return follow_state(&scene.tui).news;
}

/* Turns, and applies if `apply`, until it holds. */
static void until(bool (*holds)(int64_t), int64_t argument, bool apply)
{
    const time_t late = time(NULL) + MOMENT_S;
    while (!holds(argument)) {
        if (time(NULL) > late)
            fail_msg("waited in vain: %lld tasks, ending %d", (long long)scene.snapshot.run.tasks,
                     (int)scene.snapshot.run.ending);
        turn();
        if (apply)
            follow_apply(scene.follow);
    }
}

static void test_grows(void **state)
{
    (void)state;
    assert_int_equal(scene.snapshot.run.ending, MODEL_LIVE);
    until(shows_tasks, 11, true);
    live_tell(&scene.live, "tt");
    until(shows_tasks, 31, true);
    assert_true(follow_state(&scene.tui).rate > 0);
    assert_true(follow_state(&scene.tui).now_ns > 0);
    live_tell(&scene.live, "p");
    until(shows_tasks, 32, true);
    live_end(&scene.live, 'q');
}

/* Three looks in a row that find nothing to load: never, if each look loaded. */
static bool is_quiet(int64_t unused)
{
    int quiet = 0;
    (void)unused;
    for (int i = 0; i < 6; i++) {
        turn();
        quiet = follow_apply(scene.follow) || follow_state(&scene.tui).news ? 0 : quiet + 1;
    }
    return quiet >= 3;
}

static void test_nothing_new(void **state)
{
    (void)state;
    until(shows_tasks, 11, true);
    until(is_quiet, 0, true);
    assert_true(follow_state(&scene.tui).rate <= 0);
    live_tell(&scene.live, "t");
    until(shows_tasks, 21, true);
    live_end(&scene.live, 'q');
}

static void test_ends(void **state)
{
    (void)state;
    live_tell(&scene.live, "pf");
    until(shows_tasks, 13, true);
    assert_int_equal(scene.snapshot.run.ending, MODEL_LIVE);
    live_end(&scene.live, 'q');
    until(shows_ending, MODEL_COMPLETE, true);
    assert_int_equal(scene.snapshot.groups_count, 2);
    assert_int_equal(scene.tui.verdict.leaks, 2);
    assert_int_equal(follow_timeout(scene.follow), -1);
    assert_false(trace_is_live(scene.tui.trace));
}

static void test_killed(void **state)
{
    (void)state;
    live_tell(&scene.live, "pp");
    live_end(&scene.live, 'k');
    until(shows_ending, MODEL_CRASHED, true);
    assert_int_equal(scene.snapshot.run.pending, 3);
    assert_int_equal(scene.snapshot.running_count, 3);
    assert_int_equal(scene.tui.verdict.leaks, 0);
    assert_true(scene.snapshot.run.ended_ns > 0);
    assert_int_equal(follow_timeout(scene.follow), -1);
}

/* What is shown stays, while the state goes on; then all of it comes at once. */
static void test_paused(void **state)
{
    (void)state;
    until(shows_tasks, 11, true);
    live_tell(&scene.live, "t");
    until(has_news, 0, false);
    assert_int_equal(scene.snapshot.run.tasks, 11);
    live_end(&scene.live, 'q');
    while (follow_timeout(scene.follow) >= 0)
        turn();
    assert_int_equal(scene.snapshot.run.ending, MODEL_LIVE);
    assert_int_equal(follow_state(&scene.tui).ending, MODEL_COMPLETE);
    assert_true(follow_apply(scene.follow));
    assert_int_equal(scene.snapshot.run.tasks, 21);
    assert_int_equal(scene.snapshot.run.ending, MODEL_COMPLETE);
    assert_false(follow_apply(scene.follow));
}

/* Neither who follows leaves anything beside the trace, nor is the program kept from tidying up. */
static void test_leaves_nothing(void **state)
{
    (void)state;
    until(shows_tasks, 11, true);
    live_end(&scene.live, 'q');
    until(shows_ending, MODEL_COMPLETE, true);
    worker_stop(scene.tui.worker);
    scene.tui.worker = NULL;
    trace_close(scene.tui.trace);
    scene.tui.trace = NULL;
    assert_int_equal(access(fixture_name(scene.fixture, "t.db-wal"), F_OK), -1);
    assert_int_equal(access(fixture_name(scene.fixture, "t.db-spool"), F_OK), -1);
}

/* Another run of the program, whose trace takes the place of the first one's. */
static void test_started_again(void **state)
{
    (void)state;
    live_tell(&scene.live, "ttt");
    until(shows_tasks, 41, true);
    live_end(&scene.live, 'q');
    live_start(&scene.live, scene.fixture->path);
    live_tell(&scene.live, "t");
    until(shows_tasks, 11, true);
    assert_int_equal(scene.snapshot.run.ending, MODEL_LIVE);
    live_tell(&scene.live, "t");
    until(shows_tasks, 21, true);
    live_end(&scene.live, 'q');
    until(shows_ending, MODEL_COMPLETE, true);
}

static void test_removed(void **state)
{
    (void)state;
    until(shows_tasks, 11, true);
    unlink(scene.fixture->path);
    while (follow_timeout(scene.follow) >= 0)
        turn();
    assert_non_null(strstr(scene.tui.message, "t.db: ")); /* gone before or while it was opened */
    assert_int_equal(scene.snapshot.run.tasks, 11);
    live_end(&scene.live, 'k');
}

static void test_given_up(void **state)
{
    (void)state;
    live_tell(&scene.live, "t");
    while (!scene.tui.worker)
        turn(); /* a load runs now */
    follow_free(scene.follow);
    scene.follow = NULL;
    worker_stop(scene.tui.worker);
    scene.tui.worker = NULL;
    live_end(&scene.live, 'q');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_grows, begin, end),
        cmocka_unit_test_setup_teardown(test_nothing_new, begin, end),
        cmocka_unit_test_setup_teardown(test_ends, begin, end),
        cmocka_unit_test_setup_teardown(test_killed, begin, end),
        cmocka_unit_test_setup_teardown(test_paused, begin, end),
        cmocka_unit_test_setup_teardown(test_leaves_nothing, begin, end),
        cmocka_unit_test_setup_teardown(test_started_again, begin, end),
        cmocka_unit_test_setup_teardown(test_removed, begin, end),
        cmocka_unit_test_setup_teardown(test_given_up, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
