/* The spool's file: its lock, its room. */
#include "test.h"

#include "recorded.h"

#include <../record/spool.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH    "t.db-spool"
#define SEGMENT 65536u

static int setup(void **state)
{
    (void)state;
    recorded_setup();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    recorded_cleanup();
    return 0;
}

static int remove_file(void **state)
{
    (void)state;
    unlink(PATH);
    return 0;
}

static void test_fresh(void **state)
{
    (void)state;
    struct leash__spool spool;
    struct stat status;
    pid_t holder;
    assert_int_equal(leash__spool_claim(&spool, PATH, &holder), 0);
    assert_int_equal(stat(PATH, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(leash__spool_format(&spool, SEGMENT, 10 * SEGMENT, 4), 0);
    assert_int_equal(spool.bound, 10);
    assert_int_equal(leash__spool_segments(&spool), 4);
    assert_int_equal(stat(PATH, &status), 0);
    assert_int_equal(status.st_size, leash__spool_bytes(&spool));
    assert_true(status.st_blocks * 512 >= status.st_size); /* no holes */
    leash__spool_discard(&spool);
    assert_false(recorded_exists(PATH));
}

static void test_bounds(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        uint32_t bound, first;
    } cases[] = {{0, 2, 2}, {SEGMENT, 2, 2}, {3 * SEGMENT + 1, 3, 3}, {100 * SEGMENT, 100, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct leash__spool spool;
        pid_t holder;
        assert_int_equal(leash__spool_claim(&spool, PATH, &holder), 0);
        assert_int_equal(leash__spool_format(&spool, SEGMENT, cases[i].size, 4), 0);
        assert_int_equal(spool.bound, cases[i].bound);
        assert_int_equal(leash__spool_segments(&spool), cases[i].first);
        leash__spool_discard(&spool);
    }
}

static void test_grows_to_its_bound(void **state)
{
    (void)state;
    struct leash__spool spool;
    pid_t holder;
    assert_int_equal(leash__spool_claim(&spool, PATH, &holder), 0);
    assert_int_equal(leash__spool_format(&spool, SEGMENT, 8 * SEGMENT, 2), 0);
    assert_int_equal(leash__spool_grow(&spool, 5), 0);
    assert_int_equal(leash__spool_segments(&spool), 7);
    memset(leash__spool_segment(&spool, 6), 1, SEGMENT); /* no SIGBUS */
    assert_int_equal(leash__spool_grow(&spool, 2), -ENOBUFS);
    assert_int_equal(leash__spool_segments(&spool), 7);
    leash__spool_discard(&spool);
}

static void test_no_room_on_disk(void **state)
{
    (void)state;
    struct leash__spool spool;
    pid_t holder;
    struct rlimit before, small;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 4 * SEGMENT;
    assert_int_equal(leash__spool_claim(&spool, PATH, &holder), 0);
    setrlimit(RLIMIT_FSIZE, &small);
    int format = leash__spool_format(&spool, SEGMENT, 8 * SEGMENT, 3);
    int grow = leash__spool_grow(&spool, 3);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_int_equal(format, 0);
    assert_int_equal(grow, -EFBIG);
    assert_int_equal(leash__spool_segments(&spool), 3);
    assert_int_equal(leash__spool_grow(&spool, 3), 0); /* later there is room again */
    memset(leash__spool_segment(&spool, 5), 1, SEGMENT);
    leash__spool_discard(&spool);
}

static void test_taken(void **state)
{
    (void)state;
    struct leash__spool spool, other;
    pid_t holder;
    assert_int_equal(leash__spool_claim(&spool, PATH, &holder), 0);
    assert_int_equal(leash__spool_claim(&other, PATH, &holder), -EBUSY);
    assert_int_equal(holder, 0);
    assert_int_equal(leash__spool_format(&spool, SEGMENT, 0, 2), 0);
    leash__spool_publish(&spool, 1);
    assert_int_equal(leash__spool_claim(&other, PATH, &holder), -EBUSY);
    assert_int_equal(holder, getpid());
    leash__spool_discard(&spool);
    assert_int_equal(leash__spool_claim(&other, PATH, &holder), 0);
    leash__spool_discard(&other);
}

/* As a process leaves it that is killed. */
static void leave(struct leash__spool *spool)
{
    leash__spool_release(spool, false);
    munmap(spool->map, spool->map_size);
    free(spool->path);
}

static void test_left_behind(void **state)
{
    (void)state;
    struct leash__spool spool;
    pid_t holder;
    assert_int_equal(leash__spool_claim(&spool, PATH, &holder), 0);
    assert_int_equal(leash__spool_format(&spool, SEGMENT, 0, 2), 0);
    leave(&spool);
    /* Its header was never written: nothing is lost by taking it. */
    assert_int_equal(leash__spool_claim(&spool, PATH, &holder), 0);
    assert_int_equal(leash__spool_format(&spool, SEGMENT, 0, 2), 0);
    leash__spool_publish(&spool, 1);
    leave(&spool);
    assert_int_equal(leash__spool_claim(&spool, PATH, &holder), -EEXIST);
    assert_true(recorded_exists(PATH));
}

static void test_not_followed(void **state)
{
    (void)state;
    struct leash__spool spool;
    pid_t holder;
    assert_int_equal(symlink("elsewhere", PATH), 0);
    assert_int_equal(leash__spool_claim(&spool, PATH, &holder), -ELOOP);
    assert_false(recorded_exists("elsewhere"));
    unlink(PATH);
    assert_int_equal(mkfifo(PATH, 0600), 0);
    assert_int_equal(leash__spool_claim(&spool, PATH, &holder), -EPERM);
}

/* The trap: a mapping made through the locked descriptor would keep the lock alive in a child that has closed it. */
static void test_a_child_lets_go(void **state)
{
    (void)state;
    int ready[2], leave[2];
    assert_int_equal(pipe(ready) | pipe(leave), 0);
    pid_t owner = fork();
    if (owner == 0) {
        struct leash__spool spool;
        pid_t holder;
        leash__spool_claim(&spool, PATH, &holder);
        leash__spool_format(&spool, SEGMENT, 0, 2);
        leash__spool_publish(&spool, 1);
        if (fork() == 0) {
            char byte;
            leash__spool_forget(&spool);
            close(leave[1]);
            /* Lives on until the test ends. */
            _exit(write(ready[1], "", 1) != 1 || read(leave[0], &byte, 1) != 0);
        }
        pause();
    }
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    struct leash__spool spool;
    pid_t holder;
    assert_int_equal(leash__spool_claim(&spool, PATH, &holder), -EBUSY);
    kill(owner, SIGKILL);
    waitpid(owner, NULL, 0);
    assert_int_equal(leash__spool_claim(&spool, PATH, &holder), -EEXIST);
    close(leave[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_fresh, remove_file),
        cmocka_unit_test_teardown(test_bounds, remove_file),
        cmocka_unit_test_teardown(test_grows_to_its_bound, remove_file),
        cmocka_unit_test_teardown(test_no_room_on_disk, remove_file),
        cmocka_unit_test_teardown(test_taken, remove_file),
        cmocka_unit_test_teardown(test_left_behind, remove_file),
        cmocka_unit_test_teardown(test_not_followed, remove_file),
        cmocka_unit_test_teardown(test_a_child_lets_go, remove_file),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
