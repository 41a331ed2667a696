/* A scan whose answer comes later: the program runs on while a snapshot of it is searched. */
#include "planting.h"
#include "test.h"

#include <arena.h>
#include <errno.h>
#include <fcntl.h>
#include <ports.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MUCH = 48 << 20 };

static char held[9];
static char *heap; /* much of it */
static struct leash__scan_later *later;

static int enlarge(void **state)
{
    (void)state;
    heap = malloc(MUCH);
    if (!heap)
        return -1;
    memset(heap, 1, MUCH);
    return 0;
}

static int shrink(void **state)
{
    (void)state;
    free(heap);
    heap = NULL;
    return 0;
}

static struct leash__scan_request request_of(unsigned first, unsigned count)
{
    struct leash__scan_request request = *prepare(first, count, NULL);
    request.later = &later;
    return request;
}

/* Begins one. True: its answer comes later. */
static bool begin(const struct leash__scan_request *request)
{
    scanned = (struct leash_scan_result){0};
    assert_int_equal(leash__scan_memory(request, &scanned), 0);
    return later != NULL;
}

static void await_answer(const struct leash__scan_request *request)
{
    uint64_t ended = 0;
    while (!leash__scan_answer(request, &scanned, &ended))
        sched_yield();
    assert_null(later);
    assert_true(ended > 0);
}

static bool no_child_is_left(void)
{
    return waitpid(-1, NULL, __WALL) < 0 && errno == ECHILD;
}

static void the_answer_is_of_the_beginning(void **state)
{
    (void)state;
    plant(held, 600);
    struct leash__scan_request request = request_of(600, 2);
    assert_true(begin(&request));
    unsigned long long pause = scanned.pause_ns;
    assert_true(pause > 0);
    plant(held, 601);
    await_answer(&request);
    assert_int_equal(answer(), 1);
    assert_int_equal(scanned.complete, 1);
    assert_int_equal(scanned.candidates, 2);
    assert_int_equal(scanned.lost, 1);
    assert_int_equal(scanned.pause_ns, pause);
    assert_true(scanned.bytes > 0);
    assert_true(no_child_is_left());
    assert_true(begin(&request));
    await_answer(&request);
    assert_int_equal(answer(), 2);
}

static void one_that_is_dropped_ends(void **state)
{
    (void)state;
    struct leash__scan_request request = request_of(610, 2);
    assert_true(begin(&request));
    leash__scan_drop(&request);
    assert_null(later);
    assert_true(no_child_is_left());
    leash__scan_drop(&request);
}

static pid_t child(void)
{
    int pid = 0;
    FILE *children = fopen("/proc/thread-self/children", "r");
    if (children) {
        pid = fscanf(children, "%d", &pid) == 1 ? pid : 0;
        fclose(children);
    }
    return pid;
}

/* Maybe no snapshot can be searched here: the next is made in place. */
static void one_that_is_killed_is_incomplete(void **state)
{
    (void)state;
    plant(held, 620);
    struct leash__scan_request request = request_of(620, 2);
    assert_true(begin(&request));
    pid_t pid = child();
    if (!pid) {
        leash__scan_drop(&request);
        skip(); /* a kernel without CONFIG_PROC_CHILDREN */
    }
    kill(pid, SIGKILL);
    await_answer(&request);
    if (!scanned.complete) { /* else it was faster */
        assert_string_equal(scanned.reason, "the process that searched was killed");
        assert_int_equal(scanned.lost, 0);
        assert_int_equal(answer(), 3);
        assert_false(begin(&request));
        assert_int_equal(scanned.complete, 1);
        assert_int_equal(answer(), 1);
    }
    assert_true(begin(&request));
    await_answer(&request);
    assert_int_equal(answer(), 1);
}

/* It can be given up there, and its parent's goes on. */
static void a_forked_child_leaves_its_parents_alone(void **state)
{
    int status = -1;
    (void)state;
    plant(held, 630);
    struct leash__scan_request request = request_of(630, 2);
    assert_true(begin(&request));
    pid_t forked = fork();
    if (forked == 0) {
        leash__scan_drop(&request);
        _exit(later != NULL);
    }
    assert_int_equal(waitpid(forked, &status, 0), forked);
    assert_int_equal(status, 0);
    await_answer(&request);
    assert_int_equal(scanned.complete, 1);
    assert_int_equal(answer(), 1);
}

static void with_little_to_search_it_comes_at_once(void **state)
{
    (void)state;
    plant(held, 640);
    struct leash__scan_request request = request_of(640, 2);
    assert_false(begin(&request));
    assert_int_equal(scanned.complete, 1);
    assert_int_equal(answer(), 1);
}

/* Stacks, of which each is a mapping to copy. */
static void with_many_tasks_it_comes_at_once(void **state)
{
    const unsigned count = 10000;
    struct leash__scan_request request = {.count = count, .later = &later};
    uint64_t *handles = leash__arena_map(count * sizeof(*handles));
    request.handles = handles;
    request.found = leash__arena_map(count);
    (void)state;
    assert_non_null(handles);
    assert_non_null(request.found);
    for (unsigned i = 0; i < count; i++)
        plant(&handles[i], 5000 + i);
    assert_false(begin(&request));
    assert_in_range(scanned.lost, count - 1, count); /* the last one may be in a register */
    leash__arena_unmap(handles, count * sizeof(*handles));
    leash__arena_unmap(request.found, count);
}

/* A program that is traced has one: SQLite's. It holds no handles, and does not count. */
static void the_index_of_a_log_is_no_such_memory(void **state)
{
    char folder[] = "/tmp/leash-later-XXXXXX", index[64], log[64];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(index, sizeof index, "%s/t.db-shm", folder);
    snprintf(log, sizeof log, "%s/t.db-wal", folder);
    int file = open(index, O_RDWR | O_CREAT | O_CLOEXEC, 0600), other = open(log, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(file >= 0 && other >= 0);
    assert_int_equal(ftruncate(file, 32768), 0);
    char *mapped = mmap(NULL, 32768, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    assert_ptr_not_equal(mapped, MAP_FAILED);
    memset(mapped, 1, 32768);
    plant(held, 670);
    struct leash__scan_request request = request_of(670, 2);
    assert_true(begin(&request));
    await_answer(&request);
    munmap(mapped, 32768);
    close(file);
    close(other);
    unlink(index);
    unlink(log);
    rmdir(folder);
    assert_int_equal(scanned.complete, 1);
    assert_int_equal(answer(), 1);
}

/* The program goes on writing to it: a handle could be moved out of it before the snapshot is searched. The last case:
 * from then on nothing is searched later. */
static void with_shared_memory_there_is_no_snapshot(void **state)
{
    char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    (void)state;
    assert_ptr_not_equal(shared, MAP_FAILED);
    plant(shared + 99, 660);
    struct leash__scan_request request = request_of(660, 2);
    assert_true(begin(&request));
    memset(shared, 0, 4096);
    await_answer(&request);
    assert_int_equal(scanned.complete, 0);
    assert_int_equal(scanned.lost, 0);
    plant(shared + 99, 660);
    for (int i = 0; i < 3; i++) {
        assert_false(begin(&request));
        assert_int_equal(scanned.complete, 1);
        assert_int_equal(answer(), 1);
    }
    munmap(shared, 4096);
}

/* Under a sanitizer nothing is searched. */
static void where_scans_are_off_it_comes_at_once(void **state)
{
    (void)state;
    struct leash__scan_request request = request_of(650, 2);
    assert_false(begin(&request));
    assert_int_equal(scanned.complete, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_answer_is_of_the_beginning, enlarge, shrink),
        cmocka_unit_test_setup_teardown(one_that_is_dropped_ends, enlarge, shrink),
        cmocka_unit_test_setup_teardown(one_that_is_killed_is_incomplete, enlarge, shrink),
        cmocka_unit_test_setup_teardown(a_forked_child_leaves_its_parents_alone, enlarge, shrink),
        cmocka_unit_test(with_little_to_search_it_comes_at_once),
        cmocka_unit_test_setup_teardown(with_many_tasks_it_comes_at_once, enlarge, shrink),
        cmocka_unit_test_setup_teardown(the_index_of_a_log_is_no_such_memory, enlarge, shrink),
        cmocka_unit_test_setup_teardown(with_shared_memory_there_is_no_snapshot, enlarge, shrink),
    };
    const struct CMUnitTest off[] = {
        cmocka_unit_test_setup_teardown(where_scans_are_off_it_comes_at_once, enlarge, shrink),
    };
    scan_for(1, 1, NULL);
    if (!scanned.complete)
        return cmocka_run_group_tests(off, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
