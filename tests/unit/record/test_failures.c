/* Whatever fails, memory or a call, at whatever point: the program runs on to its end, with a trace that is whole, or
 * that a replay makes whole, or with none and a message. The n-th call fails, for every n that there is. */
#include "test.h"

#include "recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <replay.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- calls that fail ---- */

static long countdown;   /* calls until the failure; 0: none fails */
static bool for_good;    /* all calls after it fail too */
static bool sqlite_only; /* SQLite's calls are counted; else ours */
static long *calls_made; /* shared: how many there were while armed */
static bool armed;

static bool fails_in(bool sqlite)
{
    if (!__atomic_load_n(&armed, __ATOMIC_RELAXED) || sqlite != sqlite_only)
        return false;
    long call = __atomic_add_fetch(calls_made, 1, __ATOMIC_RELAXED);
    return countdown && (call == countdown || (for_good && call > countdown));
}

static bool fails(void)
{
    return fails_in(false);
}

/* WRAP(result, what it returns when it fails, errno then, name, parameters, arguments) */
#define WRAP(type, failure, code, name, parameters, arguments)                                                         \
    type __real_##name parameters;                                                                                     \
    type __wrap_##name parameters;                                                                                     \
    type __wrap_##name parameters                                                                                      \
    {                                                                                                                  \
        if (!fails())                                                                                                  \
            return __real_##name arguments;                                                                            \
        errno = code;                                                                                                  \
        return failure;                                                                                                \
    }

WRAP(void *, NULL, ENOMEM, malloc, (size_t size), (size))
WRAP(void *, NULL, ENOMEM, calloc, (size_t count, size_t size), (count, size))
WRAP(void *, NULL, ENOMEM, realloc, (void *old, size_t size), (old, size))
WRAP(char *, NULL, ENOMEM, strdup, (const char *text), (text))
WRAP(char *, NULL, ENOMEM, strndup, (const char *text, size_t size), (text, size))
WRAP(FILE *, NULL, ENOMEM, open_memstream, (char **text, size_t *size), (text, size))
WRAP(char *, NULL, EACCES, realpath, (const char *path, char *out), (path, out))
WRAP(int, -1, EIO, ftruncate, (int fd, off_t size), (fd, size))
WRAP(int, ENOSPC, 0, posix_fallocate, (int fd, off_t offset, off_t size), (fd, offset, size))
WRAP(void *, MAP_FAILED, ENOMEM, mmap, (void *at, size_t size, int protection, int flags, int fd, off_t offset),
     (at, size, protection, flags, fd, offset))
WRAP(int, -1, ENOMEM, mprotect, (void *at, size_t size, int protection), (at, size, protection))
WRAP(int, EAGAIN, 0, pthread_create,
     (pthread_t * out, const pthread_attr_t *attributes, void *(*main)(void *), void *argument),
     (out, attributes, main, argument))
WRAP(int, ENOMEM, 0, pthread_setspecific, (pthread_key_t key, const void *value), (key, value))

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    int mode = flags & O_CREAT ? va_arg(arguments, int) : 0;
    va_end(arguments);
    if (!fails())
        return __real_open(path, flags, mode);
    errno = EMFILE;
    return -1;
}

int __wrap_asprintf(char **out, const char *format, ...) __attribute__((format(printf, 2, 3)));
int __wrap_asprintf(char **out, const char *format, ...)
{
    va_list arguments;
    if (fails())
        return -1;
    va_start(arguments, format);
    int length = vasprintf(out, format, arguments);
    va_end(arguments);
    return length;
}

/* SQLite's memory, too. */
static sqlite3_mem_methods sqlite_memory;

static void *sqlite_malloc(int size)
{
    return fails_in(true) ? NULL : sqlite_memory.xMalloc(size);
}

static void *sqlite_realloc(void *old, int size)
{
    return fails_in(true) ? NULL : sqlite_memory.xRealloc(old, size);
}

static void wrap_sqlite(void)
{
    sqlite3_shutdown();
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_memory);
    sqlite3_mem_methods wrapped = sqlite_memory;
    wrapped.xMalloc = sqlite_malloc;
    wrapped.xRealloc = sqlite_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &wrapped) != SQLITE_OK)
        _exit(9);
}

/* ---- the program ---- */

#define EVENTS 200

static struct recorded_counts *counts;

static void program(void *argument)
{
    struct leash_options options = recorded_options("fail.db");
    struct leash__events events;
    (void)argument;
    options.spool_size = 1;
    wrap_sqlite();
    __atomic_store_n(&armed, true, __ATOMIC_RELAXED);
    for (int loop = 0; loop < 2; loop++) {
        leash__record_thread(&events, &options);
        for (int i = 0; i < EVENTS; i++)
            recorded_event(&events, counts, 0);
        leash__record_thread_end(&events);
    }
}

static void remove_trace(void)
{
    static const char *const names[] = {"fail.db", "fail.db-wal", "fail.db-shm", "fail.db-spool"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
}

/* A site whose definition failed leaves events with site 0, which recorded_check does not look at. */
static bool is_whole(void)
{
    const char *end_kind = recorded_text("fail.db", "SELECT end_kind FROM run");
    if (strcmp(end_kind, "complete") != 0 || strcmp(recorded_text("fail.db", "PRAGMA integrity_check"), "ok") != 0)
        return false;
    return recorded_number("fail.db", "SELECT dropped FROM run") > 0 || recorded_check("fail.db", counts, 0) == 0;
}

static bool is_as_told(void)
{
    struct leash_replay replay;
    if (recorded_exists("fail.db-spool")) {
        int rc = leash_replay("fail.db", NULL, NULL, &replay);
        leash_replay_release(&replay);
        return rc == 0 && is_whole();
    }
    if (recorded_exists("fail.db"))
        return is_whole();
    return true;
}

#ifdef RECORDED_SLOW
#define EACH 5
#else
#define EACH 40
#endif

/* Until there is no n-th call: each of the first EACH, then ever fewer; of SQLite's, which are many, a few. */
static void fail_calls(bool sqlite, bool all_after)
{
    long step = 1;
    sqlite_only = sqlite;
    for_good = all_after;
    for (countdown = 1; countdown == 1 || *calls_made >= countdown - step; countdown += step) {
        remove_trace();
        memset(counts, 0, sizeof *counts);
        *calls_made = 0;
        int code = recorded_run(program, NULL);
        if (code != 0 || !is_as_told()) {
            fprintf(stderr, "%s", recorded_stderr());
            fail_msg("call %ld failed%s: exit %d, or a trace that is not whole", countdown,
                     for_good ? " and all after it" : "", code);
        }
        assert_int_equal(counts->written[0], 2 * EVENTS);
        step = 1 + countdown / (sqlite ? 1 : EACH);
    }
    print_message("%ld calls\n", *calls_made);
    assert_true(countdown > 20);
}

static void test_one_call_fails(void **state)
{
    (void)state;
    fail_calls(false, false);
}

static void test_all_calls_fail_from_then_on(void **state)
{
    (void)state;
    fail_calls(false, true);
}

static void test_sqlite_runs_out_of_memory_once(void **state)
{
    (void)state;
    fail_calls(true, false);
}

static void test_sqlite_runs_out_of_memory(void **state)
{
    (void)state;
    fail_calls(true, true);
}

static int setup(void **state)
{
    (void)state;
    counts = recorded_counts_new();
    calls_made = (long *)(void *)recorded_counts_new();
    recorded_setup();
    return counts && calls_made ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    recorded_cleanup();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_call_fails),
        cmocka_unit_test(test_all_calls_fail_from_then_on),
        cmocka_unit_test(test_sqlite_runs_out_of_memory_once),
        cmocka_unit_test(test_sqlite_runs_out_of_memory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
