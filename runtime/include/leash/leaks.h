/* Leaks of a test: what is made between leash_leaks_begin() and leash_leaks_end() is judged by the latter.
 *
 *     leash_leaks_begin("parses a header");
 *     rc = leash_run(leash_coro(body, NULL));
 *     assert(rc == 0);
 *     leash_assert_no_leaks();                    // or: if (leash_leaks_end(NULL) > 0) ...
 *
 * A scope of leaks is opened by a thread outside of a loop, by a task, or by a job of leash_to_thread, and ended by the
 * same. To it belongs what that one makes, and, by inheritance as with leash/local.h, what the tasks, callbacks, jobs
 * and coroutines of other threads make that come of it: coroutines, tasks, futures and objects, over as many calls of
 * leash_run as there are in between. Scopes nest: a leak belongs to the innermost one that is open. One that a task,
 * job or thread leaves open as it ends is over then, and the one around has what was found. Threads have scopes of
 * their own, so that tests may run side by side.
 *
 * Judged are the classes that are known without a trace: never-awaited, unreferenced, pending-at-exit,
 * never-retrieved, lock-held, never-joined, deadlock. What is judged at the end of a loop is kept until it ends. What
 * still lives then is judged as it stands: what is meant to outlive the scope has to be made outside of it, or be
 * detached, a daemon, closed. Not seen are tasks on loops of other threads that still run; they are judged when those
 * end, for the scope around, or for the report at exit.
 *
 * A trace is told which scope each thing belongs to (tables test_scope and test_member), and its rules judge by
 * themselves. Without one, what a scope has reported does not appear in the report at exit. */
#ifndef LEASH_LEAKS_H
#define LEASH_LEAKS_H

#include <leash/site.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One leak. All strings live during the call that is given it; none is NULL. Later versions may append fields. */
struct leash_leak_info {
    const char *class_name; /* "never-awaited", ... */
    char severity;          /* 'E' or 'W' */
    const char *also;       /* further classes that it fulfils, by comma; "" */
    const char *name;       /* the task's, the coroutine's function, ... */
    const char *file;       /* where it was made: a site */
    const char *func;
    unsigned line;
    const char *reason;    /* a sentence */
    const char *waits_for; /* what a pending task waits for, and where; "" */
    const char *failure;   /* what it failed with: "EIO: connection reset"; "" */
    const char *test;      /* the name of the innermost scope that it belongs to */
};

/* How to end a scope. `size` makes room for later fields: always start from LEASH_LEAKS_OPTIONS_INIT. What the filters
 * leave out counts for the scope around, if there is one, else for the report at exit. */
struct leash_leaks_options {
    size_t size;              /* sizeof(struct leash_leaks_options) */
    const char *classes;      /* those that count, by comma; NULL: all */
    int errors_only;          /* 1: warnings do not count */
    const char *suppressions; /* what is accepted: see leash_leaks_end; NULL: nothing */
    double patience;          /* seconds on the loop's clock; 0: does not wait; negative: 0.1 */
    FILE *to;                 /* gets the report if there is a leak; NULL: none */
    char *text;               /* gets the report, cut to text_size bytes with its zero; "" without a leak; NULL: none */
    size_t text_size;
    void (*each)(const struct leash_leak_info *leak, void *arg); /* called for each, must not call leash; NULL: none */
    void *arg;
};
#define LEASH_LEAKS_OPTIONS_INIT                                                                                       \
    {                                                                                                                  \
        sizeof(struct leash_leaks_options), 0, 0, 0, -1, 0, 0, 0, 0, 0                                                 \
    }

/* leash_leaks_begin(name): opens a scope within the one that is open here, if any. `name` is copied; it is shown as the
 * test's. Never suspends. 0; -EPERM inside of a callback; -EINVAL name is NULL; -ENOMEM. */
#define leash_leaks_begin(...) leash__leaks_begin((__VA_ARGS__), LEASH_SITE("leash_leaks_begin"))

/* Ends the innermost scope that is open here, and returns how many leaks count. NULL stands for
 * LEASH_LEAKS_OPTIONS_INIT.
 *
 * In a task it may suspend: as long as tasks of the scope are pending, for they may be about to end, it gives way
 * twice, then sleeps 1 ms, 2 ms, 4 ms, ... up to 64 ms a time on the loop's clock, `patience` in all; then it scans
 * memory for lost handles, if option `scan` is on. Elsewhere, and with patience 0, it never suspends.
 *
 * `suppressions` is text as in leash-suppressions(5), and so is what the program's __leash_default_suppressions()
 * returns: entries of one line, with name=, fn=, coro=, file=, err=, waits-for=, test= and until=. An entry with
 * anything else (stack=, created-by=, top=, max=, a block) accepts nothing here. What is accepted is forgotten.
 *
 * -ECANCELED: the task was cancelled while it waited; the scope is still open. -EINVAL: no scope is open here, or the
 * options do not begin with their size; -EPERM: it is of another task or thread, or this is a callback. */
LEASH_API LEASH_MUST_USE int leash_leaks_end(const struct leash_leaks_options *options);

/* Ends the innermost scope that is open here without a word: nothing in it is reported, not even at exit. For a test
 * that failed before its end. Never suspends. 0, -EINVAL, -EPERM as above. */
LEASH_API int leash_leaks_discard(void);

/* leash_assert_no_leaks(): leash_leaks_end(NULL) as an assertion, for any framework. On a leak, and where it is
 * refused, LEASH_ASSERT_FAIL(text) is called with the report; define it before this header is included to make it your
 * framework's: Check's ck_abort_msg("%s", text), Unity's TEST_FAIL_MESSAGE(text), GoogleTest's FAIL() << text. Its
 * default prints the report on standard error and calls abort(). Not inside a task where what it calls jumps away. */
#ifndef LEASH_ASSERT_FAIL
#define LEASH_ASSERT_FAIL(text) (fprintf(stderr, "%s", (text)), abort())
#endif
#define leash_assert_no_leaks()                                                                                        \
    do {                                                                                                               \
        char leash__report[4096];                                                                                      \
        if (leash__leaks_text(leash__report, sizeof leash__report, __FILE__, __LINE__) != 0) {                         \
            LEASH_ASSERT_FAIL(leash__report);                                                                          \
        }                                                                                                              \
    } while (0)

LEASH_API int leash__leaks_begin(const char *name, struct leash_site *site);
/* leash_leaks_end with the report in `text`, headed by the place; a refusal is put there too. */
LEASH_API int leash__leaks_text(char *text, size_t size, const char *file, unsigned line);

#ifdef __cplusplus
}
#endif
#endif
