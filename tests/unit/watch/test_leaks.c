/* The report at exit. Each case is a process of its own, whose stderr and exit code are looked at. */
#include "test.h"

#include <errno.h>
#include <fold.h>
#include <leak_table.h>
#include <leak_words.h>
#include <ports.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <text.h>
#include <unistd.h>

static char said[1 << 16]; /* by the last child, on stderr */
static int status;         /* its exit code; -1 if it was killed */

/* Runs `body` in a child, which then calls exit(0). */
static void run(void (*body)(void))
{
    int pipes[2];
    size_t held = 0;
    ssize_t got;
    fflush(NULL);
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(pipes[1], STDERR_FILENO);
        close(pipes[0]);
        close(pipes[1]);
        body();
        exit(0);
    }
    close(pipes[1]);
    while ((got = read(pipes[0], said + held, sizeof(said) - 1 - held)) > 0)
        held += (size_t)got;
    said[held] = '\0';
    close(pipes[0]);
    int code;
    assert_int_equal(waitpid(child, &code, 0), child);
    status = WIFEXITED(code) ? WEXITSTATUS(code) : -1;
}

static struct leash__leak leak_of(const char *class, char severity, const char *name, unsigned line)
{
    return (struct leash__leak){.class = class,
                                .severity = severity,
                                .also = "",
                                .name = name,
                                .file = "src/a.c",
                                .func = "app",
                                .line = line,
                                .waits_for = "",
                                .failure = ""};
}

static void find(const char *class, char severity, const char *name, unsigned line)
{
    struct leash__leak leak = leak_of(class, severity, name, line);
    leash__leak_found(&leak);
}

static void count_occurrences(const char *what, int expected)
{
    int count = 0;
    for (const char *at = said; (at = strstr(at, what)); at++)
        count++;
    if (count != expected)
        print_message("looked for \"%s\" in:\n%s\n", what, said);
    assert_int_equal(count, expected);
}

static void clean_run(void)
{
    leash__leak_report_at_exit(1, 9);
}

static void says_nothing_when_all_is_well(void **state)
{
    (void)state;
    run(clean_run);
    assert_string_equal(said, "");
    assert_int_equal(status, 0);
}

static void three_kinds(void)
{
    leash__leak_report_at_exit(1, 0);
    find("never-joined", 'W', "Task-9", 90);
    for (int i = 0; i < 3; i++)
        find("never-awaited", 'E', "fetch", 12);
    struct leash__leak leak = leak_of("pending-at-exit", 'E', "worker-0", 57);
    leak.also = "never-joined";
    leak.waits_for = "sleep 10.000s at src/pool.c:41";
    leash__leak_found(&leak);
    leak.name = "worker-11";
    leash__leak_found(&leak);
    leak = leak_of("never-retrieved", 'E', "get", 203);
    leak.failure = "EIO: connection reset";
    leash__leak_found(&leak);
}

static void groups_by_class_and_site(void **state)
{
    (void)state;
    run(three_kinds);
    const char *expected =
        "leash: error[never-awaited]: coroutine `fetch` was created 3 times and never started\n"
        "  --> src/a.c:12 in app\n"
        "  hint        leash_await() it, or leash_create_task() it and keep the handle\n"
        "leash: error[pending-at-exit]: 2 tasks \"worker-*\" were pending when the loop stopped (also never-joined)\n"
        "  --> src/a.c:57 in app\n"
        "  waits for   sleep 10.000s at src/pool.c:41\n";
    assert_int_equal(strncmp(said, expected, strlen(expected)), 0);
    count_occurrences("leash: error[never-retrieved]: \"get\" failed and nobody read its result\n"
                      "  --> src/a.c:203 in app\n"
                      "  failed with EIO: connection reset\n",
                      1);
    count_occurrences("leash: warning[never-joined]: task \"Task-9\" finished and nobody awaited it\n", 1);
    count_occurrences(
        "leash: 6 leaks (1 never-retrieved, 2 pending-at-exit, 3 never-awaited), 1 warning, in 4 groups\n", 1);
    count_occurrences("leash: for more: leash run -- ", 1);
    assert_int_equal(said[strlen(said) - 1], '\n');
    assert_int_equal(status, 0);
}

static void kept(void)
{
    leash__leak_report_at_exit(1, 0);
    struct leash__leak leak = leak_of("unreferenced", 'E', "lost", 12);
    leak.kept_by = "unreferenced task #12";
    leash__leak_found(&leak);
    leak.line = 13;
    leak.kept_by = "";
    leash__leak_found(&leak);
}

static void names_who_keeps_it(void **state)
{
    (void)state;
    run(kept);
    count_occurrences("  --> src/a.c:12 in app\n  held only by unreferenced task #12\n  hint        ", 1);
    count_occurrences("  --> src/a.c:13 in app\n  hint        ", 1);
}

static void silenced(void)
{
    leash__leak_report_at_exit(0, 7);
    find("never-awaited", 'E', "fetch", 12);
}

static void silence_is_kept_and_the_exit_code_still_told(void **state)
{
    (void)state;
    run(silenced);
    assert_string_equal(said, "");
    assert_int_equal(status, 7);
}

static void only_warnings(void)
{
    leash__leak_report_at_exit(1, 7);
    find("never-joined", 'W', "a", 1);
}

static void warnings_do_not_fail(void **state)
{
    (void)state;
    run(only_warnings);
    count_occurrences("leash: 0 leaks, 1 warning, in 1 group\n", 1);
    assert_int_equal(status, 0);
}

static void late(void)
{
    fprintf(stderr, "handler\n");
    find("never-awaited", 'E', "late", 2);
}

static void with_handlers(void)
{
    atexit(late); /* before the runtime was first used: runs after what the runtime might register */
    leash__leak_report_at_exit(1, 5);
    printf("buffered");
    find("never-awaited", 'E', "early", 1);
}

static void handlers_of_the_program_run_first(void **state)
{
    (void)state;
    run(with_handlers);
    assert_int_equal(strncmp(said, "handler\n", 8), 0);
    count_occurrences("leash: 2 leaks", 1);
    assert_int_equal(status, 5);
}

static void forks(void)
{
    leash__leak_report_at_exit(1, 6);
    find("never-awaited", 'E', "parents", 1);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        find("never-awaited", 'E', "childs", 2);
        exit(0);
    }
    int code = -1;
    waitpid(child, &code, 0);
    fprintf(stderr, "child %d\n", code);
    child = fork();
    if (child == 0) { /* as after leash_after_fork: a report of its own */
        leash__leak_report_at_exit(1, 0);
        find("never-awaited", 'E', "grown", 2);
        exit(0);
    }
    waitpid(child, &code, 0);
}

static void forked_child_reports_nothing_of_its_parents(void **state)
{
    (void)state;
    run(forks);
    count_occurrences("child 0\n", 1);
    count_occurrences("parents", 1);
    count_occurrences("childs", 0);
    count_occurrences("grown", 1);
    count_occurrences("leash: 1 leak ", 2);
    assert_int_equal(status, 6);
}

static void hostile_names(void)
{
    leash__leak_report_at_exit(1, 0);
    struct leash__leak leak =
        leak_of("never-awaited", 'E', "a\033[2Jb\n\xff\xc2\x9b\xe2\x80\xae\xc3\xa9\xed\xa0\x80%s%n{count}", 1);
    leak.file = "x\ry.c";
    leak.func = "f\tg";
    leak.waits_for = "w\aw";
    leak.failure = "e\b";
    leak.also = "al\033so";
    leash__leak_found(&leak);
    leak = leak_of("made\033up", 'W', NULL, 0);
    leak.file = leak.func = leak.also = leak.waits_for = leak.failure = NULL;
    leash__leak_found(&leak);
    static char huge[70000];
    memset(huge, 'h', sizeof(huge) - 1);
    find("never-awaited", 'E', huge, 9);
}

static void control_bytes_are_escaped(void **state)
{
    (void)state;
    run(hostile_names);
    count_occurrences("`a\\x1b[2Jb\\x0a\\xff\\xc2\\x9b\\xe2\\x80\\xae\xc3\xa9\\xed\\xa0\\x80%s%n{count}`", 1);
    count_occurrences("  --> x\\x0dy.c:1 in f\\x09g\n", 1);
    count_occurrences("w\\x07w", 1);
    count_occurrences("e\\x08", 1);
    count_occurrences("leash: warning[made\\x1bup]: \"\"\n", 1);
    for (const char *at = said; *at; at++)
        assert_true(*at == '\n' || (unsigned char)*at >= 0x20);
    assert_true(strlen(said) < 2000);
}

static void many_sites(void)
{
    leash__leak_report_at_exit(1, 0);
    for (unsigned i = 0; i < 12000; i++)
        find("never-awaited", 'E', "f", i);
    find("never-awaited", 'E', "f", 7);
}

static void many_groups_are_cut_but_counted(void **state)
{
    (void)state;
    run(many_sites);
    count_occurrences("error[never-awaited]", 20);
    assert_non_null(strstr(said, ":7 in app")); /* two: the largest group comes first */
    count_occurrences("leash: and 9980 more groups\n", 1);
    count_occurrences("leash: 12001 leaks", 1);
    count_occurrences("2000 of them only counted", 1);
}

static bool calloc_fails;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
    return calloc_fails ? NULL : __real_calloc(count, size);
}

static void no_memory(void)
{
    leash__leak_report_at_exit(1, 4);
    find("never-awaited", 'E', "before", 1);
    calloc_fails = true;
    for (unsigned i = 0; i < 100; i++)
        find("never-awaited", 'E', "after", 100 + i);
    find("never-awaited", 'E', "before", 1);
}

static void without_memory_it_counts(void **state)
{
    (void)state;
    run(no_memory);
    count_occurrences("`before` was created 2 times", 1);
    count_occurrences("leash: 102 leaks (2 never-awaited), 0 warnings, in 1 group; 100 of them only counted", 1);
    assert_int_equal(status, 4);
}

static void *find_many(void *number)
{
    for (unsigned i = 0; i < 2000; i++)
        find("never-awaited", 'E', "f", (unsigned)(uintptr_t)number + i % 3);
    return NULL;
}

static void from_threads(void)
{
    pthread_t threads[4];
    leash__leak_report_at_exit(1, 0);
    for (uintptr_t i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, find_many, (void *)(i / 2 * 100));
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

static void any_thread_may_find(void **state)
{
    (void)state;
    run(from_threads);
    count_occurrences("leash: 8000 leaks (8000 never-awaited), 0 warnings, in 6 groups", 1);
}

/* stderr is closed, or a pipe that nobody reads: the exit goes on. */
static void closed(void)
{
    leash__leak_report_at_exit(1, 3);
    find("never-awaited", 'E', "fetch", 12);
    close(STDERR_FILENO);
}

static void unread(void)
{
    int pipes[2];
    closed();
    if (pipe(pipes) == 0) {
        dup2(pipes[1], STDERR_FILENO);
        close(pipes[0]);
    }
}

static void nobody_listens(void **state)
{
    (void)state;
    run(closed);
    assert_int_equal(status, 3);
    run(unread);
    assert_int_equal(status, 3);
}

static void leaks_keep_errno(void **state)
{
    (void)state;
    errno = 77;
    find("never-awaited", 'E', "fetch", 12);
    assert_int_equal(errno, 77);
}

static void every_known_class_has_words(void **state)
{
    (void)state;
    static const char *const classes[] = {"never-awaited", "unreferenced", "pending-at-exit", "never-retrieved",
                                          "deadlock",      "lock-held",    "never-joined"};
    for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
        const struct leash__leak_words *words = leash__leak_words(classes[i], 'E');
        assert_string_equal(words->class, classes[i]);
        assert_non_null(strstr(words->one, "{name}"));
        assert_non_null(strstr(words->many, "{count}"));
        assert_true(strlen(words->hint) > 10);
    }
    assert_non_null(strstr(leash__leak_words("lock-held", 'E')->one, "task {name}"));
    assert_non_null(strstr(leash__leak_words("lock-held", 'W')->one, "semaphore {name}"));
    assert_non_null(strstr(leash__leak_words("deadlock", 'W')->one, "only by threads that nobody declared"));
    assert_null(leash__leak_words("unknown", 'E')->class);
    assert_null(leash__leak_words(NULL, 'E')->class);
}

/* Who sees both reports reads the same advice. */
static void hints_are_those_of_the_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < leash_rules_count; i++) {
        const struct leash__leak_words *words =
            leash__leak_words(leash_rules[i].class, leash_rules[i].severity[0] == 'e' ? 'E' : 'W');
        if (words->class)
            assert_string_equal(words->hint, leash_rules[i].hint);
    }
    assert_true(leash_rules_count >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_nothing_when_all_is_well),
        cmocka_unit_test(groups_by_class_and_site),
        cmocka_unit_test(names_who_keeps_it),
        cmocka_unit_test(silence_is_kept_and_the_exit_code_still_told),
        cmocka_unit_test(warnings_do_not_fail),
        cmocka_unit_test(handlers_of_the_program_run_first),
        cmocka_unit_test(forked_child_reports_nothing_of_its_parents),
        cmocka_unit_test(control_bytes_are_escaped),
        cmocka_unit_test(many_groups_are_cut_but_counted),
        cmocka_unit_test(without_memory_it_counts),
        cmocka_unit_test(any_thread_may_find),
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(leaks_keep_errno),
        cmocka_unit_test(every_known_class_has_words),
        cmocka_unit_test(hints_are_those_of_the_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
