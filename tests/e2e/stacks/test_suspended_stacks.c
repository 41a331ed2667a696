/* Stacks of tasks that are pending, from end to end: of real programs, linked either way; and of a stripped one, whose
 * names are in a file of their own that is found by its build-id or by .gnu_debuglink. */
#include "test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/test_suspended_stacks.XXXXXX", path[64], text[8000];

__attribute__((format(printf, 1, 2))) static int shell(const char *format, ...)
{
    char command[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof(command), format, arguments);
    va_end(arguments);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void run(const char *program, const char *way)
{
    assert_int_equal(
        shell("rm -f %s*; LEASH_TRACE=%s LEASH_OPTIONS=report=0 %s %s >%s/said.txt", path, path, program, way, folder),
        0);
}

static const char *ask(const char *sql)
{
    static char answer[2000];
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    answer[0] = '\0';
    if (sqlite3_step(statement) == SQLITE_ROW)
        snprintf(answer, sizeof(answer), "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

/* The program's own frames: how many qsort has is the C library's affair, and a sanitizer's. */
#define STACK_OF(function)                                                                                             \
    "SELECT group_concat(func, ' < ') FROM (SELECT f.func FROM stack_frame s JOIN frame f ON f.id = s.frame_id JOIN "  \
    "module m ON m.id = f.module_id WHERE m.path NOT LIKE '%libc%' AND f.func NOT LIKE '%interceptor%' AND "           \
    "s.stack_id = (SELECT exit_stack_id FROM task "                                                                    \
    "t JOIN site c ON c.id = t.coro_site_id WHERE c.expr = '" function "') ORDER BY s.position)"

static void expect_stacks(void)
{
    assert_string_equal(ask(STACK_OF("sorts")), "waits_for_good < inner < compare < sorts");
    assert_string_equal(ask(STACK_OF("asks_a_generator")), "waits_for_good < yields < asks_a_generator");
    assert_string_equal(
        ask("SELECT count(*) > 4 FROM stack_frame s JOIN task t ON t.exit_stack_id = s.stack_id JOIN site c"
            " ON c.id = t.coro_site_id WHERE c.expr = 'sorts' GROUP BY t.id"),
        "1"); /* qsort's are between them */
    assert_string_equal(ask("SELECT count(DISTINCT t.exit_stack_id) FROM task t JOIN site c ON c.id = t.coro_site_id "
                            "WHERE c.expr = 'sorts'"),
                        "1");
    assert_string_equal(ask("SELECT count(*) FROM task t JOIN site c ON c.id = t.coro_site_id WHERE c.expr = 'ready' "
                            "AND t.exit_stack_id IS NOT NULL"),
                        "0");
}

static const char *const programs[] = {PROGRAM_SHARED, PROGRAM_STATIC};

static void at_the_end_of_main(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        run(programs[i], "");
        expect_stacks();
        const char *place = ask("SELECT file || ':' || line FROM frame WHERE func = 'waits_for_good' LIMIT 1");
        if (!strstr(place, "e2e/stacks/suspended.c:8"))
            fail_msg("%s", place);
    }
}

static void at_exit(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        run(programs[i], "exit");
        expect_stacks();
    }
}

static void in_a_dump(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        run(programs[i], "dump");
        char name[100];
        snprintf(name, sizeof(name), "%s/said.txt", folder);
        FILE *in = fopen(name, "r");
        assert_non_null(in);
        text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
        fclose(in);
        const char *task = strstr(text, "  sorts  waiting  for sleep at ");
        const char *inner = task ? strstr(task, "\n      waits_for_good ") : NULL;
        const char *outer = inner ? strstr(inner, "\n      sorts ") : NULL;
        if (!outer || !strstr(text, "e2e/stacks/suspended.c:8\n"))
            fail_msg("%s", text);
    }
}

/* Without names in its own file. `keep`: an option of strip that takes the build-id away. */
static void strip_program(const char *keep, const char *debug)
{
    assert_int_equal(
        shell("cd %s && rm -rf .build-id *.debug && cp %s program && objcopy --only-keep-debug program %s && "
              "strip %s program && objcopy --add-gnu-debuglink=%s program",
              folder, PROGRAM_SHARED, debug, keep, debug),
        0);
}

static void of_a_stripped_program_by_its_debug_link(void **state)
{
    char program[100];
    (void)state;
    snprintf(program, sizeof(program), "%s/program", folder);
    strip_program("", "program.debug");
    run(program, "");
    expect_stacks();
    assert_int_equal(shell("rm %s/program.debug", folder), 0);
    run(program, "");
    assert_string_equal(ask("SELECT count(*) FROM frame WHERE func = 'waits_for_good'"), "0");
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/t.db", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return shell("rm -rf %s", folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_the_end_of_main),
        cmocka_unit_test(at_exit),
        cmocka_unit_test(in_a_dump),
        cmocka_unit_test(of_a_stripped_program_by_its_debug_link),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
