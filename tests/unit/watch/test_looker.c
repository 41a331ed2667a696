/* The process that looks at the program's memory, and reads what may not be there. */
#include "test.h"

#include <errno.h>
#include <faults.h>
#include <looker.h>
#include <reader.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int changed;

struct seen {
    int value;
    uintptr_t fault;
    size_t bytes, twos, through;
};

static int look_with(enum leash__look way, leash__look_fn *look, void *argument, struct seen *out)
{
    struct leash__looker looker;
    int rc = leash__looker_begin(&looker, way, sizeof(*out), look, argument);
    changed = 2;
    rc = rc == 0 ? leash__looker_wait(&looker, false) : rc;
    if (rc == 0)
        memcpy(out, looker.shared, sizeof(*out));
    leash__looker_free(&looker);
    return rc;
}

/* ---- what it sees ---- */

static int release_pipe[2];

static bool read_value(void *shared, void *unused)
{
    char byte;
    (void)unused;
    while (changed != 2)
        ;
    ((struct seen *)shared)->value = changed + (int)read(release_pipe[0], &byte, 1);
    return true;
}

static void beside_it_shares_the_memory_and_the_descriptors(void **state)
{
    struct seen seen;
    (void)state;
    changed = 1;
    assert_int_equal(pipe(release_pipe), 0);
    assert_int_equal(write(release_pipe[1], "x", 1), 1);
    assert_int_equal(look_with(LEASH_LOOK_BESIDE, read_value, NULL, &seen), 0);
    assert_int_equal(seen.value, 3);
    close(release_pipe[0]);
    close(release_pipe[1]);
}

static bool take_value(void *shared, void *pipes)
{
    ((struct seen *)shared)->value = changed;
    return write(((int *)pipes)[1], "x", 1) < 0 && errno == EBADF;
}

static void a_snapshot_is_of_the_beginning_and_has_no_descriptor(void **state)
{
    struct seen seen;
    int pipes[2];
    (void)state;
    changed = 1;
    assert_int_equal(pipe(pipes), 0);
    assert_int_equal(look_with(LEASH_LOOK_SNAPSHOT, take_value, pipes, &seen), 0);
    assert_int_equal(seen.value, 1);
    close(pipes[0]);
    close(pipes[1]);
}

/* ---- how it ends ---- */

static bool see_nothing(void *shared, void *unused)
{
    return shared == unused;
}

static bool die(void *unused, void *signal)
{
    raise(*(int *)signal);
    return unused != NULL;
}

static bool fault_unguarded(void *unused, void *page)
{
    return leash__faults_catch(false) == 0 && *(volatile char *)page == 0 && unused;
}

static const enum leash__look ways[] = {LEASH_LOOK_BESIDE, LEASH_LOOK_SNAPSHOT};

static void who_sees_nothing_and_who_dies_is_told(void **state)
{
    struct seen seen;
    int kill_signal = SIGKILL;
    char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(look_with(ways[i], see_nothing, NULL, &seen), -EBUSY);
        assert_int_equal(look_with(ways[i], die, &kill_signal, &seen), -ECHILD);
        assert_int_equal(look_with(ways[i], fault_unguarded, page, &seen), -ECHILD);
    }
    munmap(page, 4096);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static int handled;

static void handle(int signal)
{
    handled = signal;
}

static bool interrupt_parent(void *shared, void *unused)
{
    (void)unused;
    kill(getppid(), SIGUSR1);
    ((struct seen *)shared)->value = handled;
    return true;
}

/* A handler runs no code of the program's while its memory is looked at, and is not lost. */
static void signals_come_after_the_look(void **state)
{
    struct seen seen;
    struct sigaction before;
    (void)state;
    handled = 0;
    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = handle}, &before);
    assert_int_equal(look_with(LEASH_LOOK_BESIDE, interrupt_parent, NULL, &seen), 0);
    sigaction(SIGUSR1, &before, NULL);
    assert_int_equal(seen.value, 0);
    assert_int_equal(handled, SIGUSR1);
}

/* ---- what cannot be read ---- */

static void read_last_byte(void *page)
{
    (void)*(volatile char *)page;
}

static bool fault_twice(void *shared, void *page)
{
    struct seen *seen = shared;
    if (leash__faults_catch(false) < 0)
        return false;
    seen->value = leash__faults_guard(read_last_byte, page) == (uintptr_t)page;
    seen->value += leash__faults_guard(read_last_byte, seen) == 0;
    seen->fault = leash__faults_guard(read_last_byte, (char *)page + 77);
    return true;
}

static void a_guarded_read_tells_where_it_ended(void **state)
{
    struct seen seen;
    (void)state;
    for (int i = 0; i < 2; i++) {
        char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        assert_int_equal(look_with(ways[i], fault_twice, page, &seen), 0);
        assert_int_equal(seen.value, 2);
        assert_int_equal(seen.fault, page + 77);
        munmap(page, 4096);
    }
}

/* Reads ahead, as vector code does: nothing of 64 bytes is seen when the ones behind them fault. */
static void count_twos(const unsigned char *data, size_t size, uintptr_t from, void *argument)
{
    struct seen *seen = argument;
    seen->value += (uintptr_t)data != from;
    for (size_t at = 0; at < size; at++) {
        if (at % 64 == 0 && at + 64 < size)
            (void)((const volatile unsigned char *)data)[at + 64];
        seen->twos += data[at] == 2;
    }
    seen->through += size;
}

static bool read_with_holes(void *shared, void *base)
{
    struct leash__reader reader;
    if (leash__faults_catch(false) < 0 || leash__reader_new(&reader, true, count_twos, shared) < 0)
        return false;
    leash__reader_add(&reader, (uintptr_t)base + 5, (uintptr_t)base + (uintptr_t)10 * 4096 - 5);
    leash__reader_flush(&reader);
    ((struct seen *)shared)->bytes = reader.bytes;
    leash__reader_free(&reader);
    return true;
}

/* The last byte before each hole, and the first behind it, are seen. */
static void a_direct_reader_passes_over_holes(void **state)
{
    struct seen seen;
    const int page = 4096, pages = 10, holes[] = {0, 3, 4, 9};
    char *base = mmap(NULL, (size_t)(pages * page), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)state;
    memset(base, 0, (size_t)(pages * page));
    base[page] = base[3 * page - 1] = base[5 * page] = base[9 * page - 1] = 2;
    for (int i = 0; i < 4; i++)
        mprotect(base + holes[i] * page, (size_t)page, PROT_NONE);
    assert_int_equal(look_with(LEASH_LOOK_BESIDE, read_with_holes, base, &seen), 0);
    munmap(base, (size_t)(pages * page));
    assert_in_range(seen.twos, 4, 6); /* what stands before a hole is looked at twice, maybe */
    assert_int_equal(seen.bytes, pages * page - 10);
    assert_int_equal(seen.value, 0);
    assert_int_equal(seen.through, 6 * page); /* of all that can be read fn got to the end */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beside_it_shares_the_memory_and_the_descriptors),
        cmocka_unit_test(a_snapshot_is_of_the_beginning_and_has_no_descriptor),
        cmocka_unit_test(who_sees_nothing_and_who_dies_is_told),
        cmocka_unit_test(signals_come_after_the_look),
        cmocka_unit_test(a_guarded_read_tells_where_it_ended),
        cmocka_unit_test(a_direct_reader_passes_over_holes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
