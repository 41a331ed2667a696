/* A real program and the interface that follows it, in a terminal. */
#include "live.h"
#include "scene.h"
#include "test.h"

static struct live live;

static struct tty *begin(struct scene *scene)
{
    live_start(&live, fixture_name(scene->fixture, "live.db"));
    live_tell(&live, "t");
    scene_run(scene, NULL, NULL, (const char *const[]){LEASH_PROGRAM, "tui", "--follow", "live.db", NULL});
    tty_wait(&scene->tty, "LIVE");
    tty_wait(&scene->tty, "FOLLOW");
    tty_wait(&scene->tty, "11 tasks");
    return &scene->tty;
}

static void leave(struct tty *tty)
{
    tty_send(tty, "q");
    assert_int_equal(tty_end(tty), 0);
    tty_expect_restored(tty);
}

static void test_grows_and_ends(void **state)
{
    struct tty *tty = begin(*state);
    tty_wait(tty, "would leak now");
    live_tell(&live, "t");
    tty_wait(tty, "21 tasks");
    live_tell(&live, "pf");
    live_end(&live, 'q');
    tty_wait(tty, "DONE");
    tty_wait(tty, "pending-at-exit");
    tty_wait(tty, "never-retrieved");
    assert_true(tty_shows(tty, " leash live.db "));
    leave(tty);
}

static void test_killed(void **state)
{
    struct tty *tty = begin(*state);
    live_tell(&live, "p");
    tty_wait(tty, "12 tasks");
    assert_false(tty_shows(tty, "more")); /* of what was running at a crash */
    live_end(&live, 'k');
    tty_wait(tty, "CRASHED at +");
    tty_wait(tty, "running at the crash: #12 sleeper, in sleep 600.000s");
    assert_false(tty_shows(tty, "pending-at-exit"));
    leave(tty);
}

static void test_paused(void **state)
{
    struct tty *tty = begin(*state);
    tty_send(tty, "k");
    tty_wait(tty, "PAUSED");
    live_tell(&live, "t");
    tty_wait(tty, "ev/s"); /* the state goes on */
    tty_wait(tty, "11 tasks");
    tty_send(tty, "G");
    tty_wait(tty, "21 tasks");
    live_end(&live, 'q');
    tty_wait(tty, "DONE");
    leave(tty);
}

/* Who does not follow is told, and sees the end all the same. */
static void test_not_followed(void **state)
{
    struct tty *tty = begin(*state);
    tty_send(tty, "F");
    tty_wait_gone(tty, "FOLLOW");
    live_tell(&live, "t");
    tty_wait(tty, "there is more");
    tty_wait(tty, "11 tasks");
    tty_send(tty, "F");
    tty_wait(tty, "21 tasks");
    tty_send(tty, "F");
    live_tell(&live, "t");
    live_end(&live, 'q');
    tty_wait(tty, "31 tasks");
    leave(tty);
}

#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_begin, scene_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_SCENE(test_grows_and_ends), WITH_SCENE(test_killed),
                                       WITH_SCENE(test_paused), WITH_SCENE(test_not_followed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
