/* Exactly once, even under SIGKILL: a program with several threads is killed at random points, and what its trace holds
 * after the replay is compared with what it had recorded. The replay is killed at random, too.
 *
 * LEASH_KILLS sets how often (100), LEASH_SEED repeats a run; the seed is printed. */
#include "test.h"

#include "recorded.h"

#include <pthread.h>
#include <replay.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define THREADS     3
#define ROUND       5000   /* events of a loop: each thread runs one after the other */
#define LATEST_KILL 300000 /* events, of all threads */
#ifdef RECORDED_SLOW
#define KILLS 20
#else
#define KILLS 100
#endif

static struct recorded_counts *counts;
static struct leash_options options;
static unsigned short seed[3];

/* ---- the program ---- */

static void *produce(void *argument)
{
    unsigned thread = (unsigned)(uintptr_t)argument;
    struct leash__events events;
    for (;;) {
        leash__record_thread(&events, &options);
        for (int i = 0; i < ROUND; i++)
            recorded_event(&events, counts, thread);
        leash__record_thread_end(&events);
    }
    return NULL;
}

static void program(void *argument)
{
    pthread_t thread;
    (void)argument;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (uintptr_t i = 1; i < THREADS; i++)
        pthread_create(&thread, NULL, produce, (void *)i);
    produce((void *)0);
}

static unsigned long random_below(unsigned long limit)
{
    return (unsigned long)nrand48(seed) % limit;
}

/* Kills it once so many events are written; squares make early kills, and those of an open trace, frequent. */
static void kill_at_random(pid_t child)
{
    unsigned long at = random_below(1000);
    at = at * at * LATEST_KILL / 1000000;
    while (recorded_counts_sum(counts) < at)
        sched_yield();
    kill(child, SIGKILL);
    assert_int_equal(recorded_wait(child), 128 + SIGKILL);
}

static void remove_trace(void)
{
    static const char *const names[] = {"kill.db", "kill.db-wal", "kill.db-shm", "kill.db-spool"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
}

/* ---- the replay ---- */

static void replay(void *argument)
{
    struct leash_replay *out = argument, unseen;
    out = out ? out : &unseen;
    int rc = leash_replay("kill.db", NULL, NULL, out);
    if (rc < 0)
        fprintf(stderr, "replay: %s\n", out->error);
    leash_replay_release(out);
    if (rc < 0)
        abort();
}

/* Kills the replay after a random time, up to longer than it takes: this one has no count to go by. */
static void replay_and_kill(void)
{
    struct timespec begin, now;
    long wait_ns = (long)random_below(60000000);
    pid_t child = recorded_start(replay, NULL);
    clock_gettime(CLOCK_MONOTONIC, &begin);
    do {
        sched_yield();
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - begin.tv_sec) * 1000000000 + now.tv_nsec - begin.tv_nsec < wait_ns);
    kill(child, SIGKILL);
    int code = recorded_wait(child);
    assert_true(code == 0 || code == 128 + SIGKILL);
}

static void assert_exactly_once(void)
{
    assert_false(recorded_exists("kill.db-spool"));
    if (!recorded_exists("kill.db")) {
        assert_int_equal(recorded_counts_sum(counts), 0); /* killed before it had made a file */
        return;
    }
    assert_string_equal(recorded_text("kill.db", "PRAGMA integrity_check"), "ok");
    assert_string_equal(recorded_text("kill.db", "SELECT end_kind FROM run"), "crashed");
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(recorded_check("kill.db", counts, i), 0);
}

static unsigned kills(void)
{
    const char *text = getenv("LEASH_KILLS");
    return text ? (unsigned)atoi(text) : KILLS;
}

static int begin(void **state)
{
    (void)state;
    memset(counts, 0, sizeof *counts);
    remove_trace();
    return 0;
}

static void test_producer_is_killed(void **state)
{
    for (unsigned i = 0; i < kills(); i++) {
        struct leash_replay out;
        begin(state);
        kill_at_random(recorded_start(program, NULL));
        replay(&out);
        assert_exactly_once();
    }
}

static void test_replay_is_killed_too(void **state)
{
    unsigned interrupted = 0;
    for (unsigned i = 0; i < kills() / 2; i++) {
        struct leash_replay out;
        begin(state);
        kill_at_random(recorded_start(program, NULL));
        for (unsigned n = 0; n < 3; n++) {
            replay_and_kill();
            interrupted += recorded_exists("kill.db-spool");
        }
        replay(&out);
        assert_exactly_once();
    }
    print_message("%u replays were interrupted\n", interrupted);
    assert_true(interrupted > 0);
}

/* ---- a forked child that lives on ---- */

static int leave[2]; /* the child lives until the test closes its end */

static void *fork_a_child(void *argument)
{
    (void)argument;
    if (fork() == 0) {
        char byte;
        close(leave[1]);
        /* By the child: until it has run its handlers of fork it holds its parent's lock. */
        __atomic_store_n(&counts->written[7], 1, __ATOMIC_RELEASE);
        _exit(read(leave[0], &byte, 1) != 0);
    }
    return NULL;
}

static void program_with_child(void *argument)
{
    pthread_t thread;
    (void)argument;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pthread_create(&thread, NULL, produce, (void *)1);
    while (recorded_counts_sum(counts) < 10000)
        sched_yield();
    pthread_create(&thread, NULL, fork_a_child, NULL);
    produce((void *)0);
}

static void test_killed_while_a_forked_child_lives(void **state)
{
    for (unsigned i = 0; i < kills() / 10; i++) {
        struct leash_replay out;
        begin(state);
        assert_int_equal(pipe(leave), 0);
        pid_t child = recorded_start(program_with_child, NULL);
        while (!__atomic_load_n(&counts->written[7], __ATOMIC_ACQUIRE))
            sched_yield();
        kill_at_random(child);
        int rc = leash_replay("kill.db", NULL, NULL, &out);
        close(leave[0]);
        assert_int_equal(rc, 0);
        assert_int_equal(out.what, LEASH_REPLAY_DONE); /* not LIVE: the child does not hold the lock */
        assert_true(out.crashed);
        leash_replay_release(&out);
        close(leave[1]);
        counts->written[7] = 0;
        assert_exactly_once();
    }
}

/* ---- */

static int setup(void **state)
{
    (void)state;
    const char *text = getenv("LEASH_SEED");
    unsigned value = text ? (unsigned)strtoul(text, NULL, 0) : (unsigned)time(NULL);
    print_message("LEASH_SEED=%u\n", value);
    seed[0] = (unsigned short)value;
    seed[1] = (unsigned short)(value >> 16);
    counts = recorded_counts_new();
    recorded_setup();
    options = recorded_options("kill.db");
    options.spool_size = 8 << 20;
    return counts ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    recorded_cleanup();
    recorded_counts_free(counts);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_producer_is_killed),
        cmocka_unit_test(test_replay_is_killed_too),
        cmocka_unit_test(test_killed_while_a_forked_child_lives),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
