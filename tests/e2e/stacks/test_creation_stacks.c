/* stacks=1 from end to end: the stacks of a real program, linked either way, named in its trace; and those of one that
 * was killed, named by the replay. Without it the stacks of calls that were refused. */
#include "test.h"

#include <fold.h>
#include <names.h>
#include <replay.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/test_creation_stacks.XXXXXX", path[64];

static void run(const char *program, const char *arguments, bool ends, const char *options)
{
    char command[1000];
    snprintf(command, sizeof(command), "rm -f %s* && LEASH_TRACE=%s LEASH_OPTIONS=%s %s %s 2>/dev/null", path, path,
             options, program, arguments);
    assert_int_equal(system(command) == 0, ends);
}

/* The first row of a query, columns divided by blanks. */
static const char *ask(const char *sql)
{
    static char answer[1000];
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

static const char stack_of_the_worker[] =
    "SELECT group_concat(func, ' < ') FROM (SELECT f.func FROM task t JOIN stack_frame s ON s.stack_id = t.stack_id "
    "JOIN frame f ON f.id = s.frame_id WHERE t.id = 2 ORDER BY s.position)";

#define STACK(id)                                                                                                      \
    "(SELECT group_concat(func, ' < ') FROM (SELECT f.func FROM stack_frame s JOIN frame f ON f.id = s.frame_id "      \
    "WHERE s.stack_id = " id " ORDER BY s.position))"
#define OBJECT(stack, which) ask("SELECT " STACK("o." stack) " FROM object o WHERE " which)

static void expect_objects(void)
{
    assert_string_equal(OBJECT("stack_id", "name = 'made'"), "make_queue < app");
    assert_string_equal(OBJECT("first_use_stack_id", "name = 'declared'"), "leave_items < app");
    assert_string_equal(OBJECT("stack_id", "kind = 'generator'"), "use_a_generator < app");
    assert_string_equal(ask("SELECT count(*) FROM object WHERE (stack_id IS NULL) = (first_use_stack_id IS NULL)"),
                        "0");
}

/* Of the thread's the outer end is the C library's. */
static void expect_calls(void)
{
    assert_string_equal(ask("SELECT " STACK("m.stack_id") " FROM misuse m WHERE kind = 'awaited-twice'"),
                        "await_again < misuse < app");
    const char *there = ask("SELECT " STACK("m.stack_id") " FROM misuse m WHERE kind = 'wrong-thread'");
    assert_memory_equal(there, "ask_there < visit < ", strlen("ask_there < visit < "));
    assert_non_null(strstr(ask("SELECT file || ':' || line || func FROM leak WHERE class = 'wrong-thread'"),
                           "e2e/stacks/program.c:65ask_there"));
    assert_non_null(strstr(ask("SELECT file || ':' || line || func FROM leak WHERE class = 'awaited-twice'"),
                           "e2e/stacks/program.c:79await_again"));
}

static void expect_names(void)
{
    assert_string_equal(ask(stack_of_the_worker), "spawn_worker < in_a_body < app");
    const char *place = ask("SELECT file || ':' || line FROM frame WHERE func = 'spawn_worker' ORDER BY id LIMIT 1");
    assert_non_null(strstr(place, "e2e/stacks/program.c:19"));
    /* The site says only table[number]. */
    assert_string_equal(ask("SELECT f.func FROM task t JOIN frame f ON f.id = t.function_frame_id "
                            "WHERE t.id = 2"),
                        "work");
    assert_string_equal(ask("SELECT count(*) FROM frame WHERE func LIKE 'leash%'"), "0");
    expect_objects();
    expect_calls();
}

static void with_the_shared_library(void **state)
{
    (void)state;
    run(PROGRAM_SHARED, "", true, "stacks=1");
    expect_names();
}

static void with_the_static_library(void **state)
{
    (void)state;
    run(PROGRAM_STATIC, "", true, "stacks=1");
    expect_names();
}

static void calls_that_are_refused_always(void **state)
{
    (void)state;
    run(PROGRAM_SHARED, "", true, "stacks=0");
    expect_calls();
    assert_string_equal(ask("SELECT count(*) FROM object WHERE stack_id OR first_use_stack_id"), "0");
    assert_string_equal(ask("SELECT count(*) FROM task WHERE stack_id"), "0");
}

static void of_a_killed_program_by_the_replay(void **state)
{
    (void)state;
    struct leash_names *names;
    struct leash_replay replay = {0};
    run(PROGRAM_SHARED, "kill", false, "stacks=1");
    assert_int_equal(leash_names_new(&names), 0);
    assert_int_equal(leash_replay(path, leash_names_frame, names, &replay), 0);
    leash_names_free(names);
    leash_replay_release(&replay);
    expect_names();
    assert_string_equal(ask("SELECT end_kind FROM run"), "crashed");
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
    char command[100];
    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_the_shared_library),
        cmocka_unit_test(with_the_static_library),
        cmocka_unit_test(calls_that_are_refused_always),
        cmocka_unit_test(of_a_killed_program_by_the_replay),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
