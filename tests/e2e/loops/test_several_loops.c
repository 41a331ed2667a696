/* Several loops in several threads, and one trace of all: nothing is missing in it, nothing is told by the wrong
 * thread, and nothing makes no sense. */
#include "test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/test_several_loops.XXXXXX", path[64];

static void run(const char *options)
{
    char command[1000];
    snprintf(command, sizeof command, "rm -f %s* && LEASH_TRACE=%s LEASH_OPTIONS=%s %s", path, path, options, PROGRAM);
    assert_int_equal(system(command), 0);
}

/* The first row's first column, as text. */
static const char *ask(const char *sql)
{
    static char answer[1000];
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    answer[0] = '\0';
    if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_text(statement, 0))
        snprintf(answer, sizeof answer, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

/* What the program has made: see its constants. */
static void expect_all(void)
{
    static const struct {
        const char *what, *answer;
    } questions[] = {
        {"SELECT value FROM meta WHERE key = 'complete'", "complete"},
        {"SELECT group_concat(value) FROM total WHERE key LIKE 'bad%'", "0,0,0"},
        {"SELECT count(*) FROM misuse", "0"},
        {"SELECT count(*) FROM leak", "0"},
        {"SELECT dropped FROM run", "0"},
        /* loops and their threads */
        {"SELECT count(*) || ' ' || count(DISTINCT thread_id) FROM loop WHERE end_kind = 'complete' AND main_code = 0",
         "3 3"},
        {"SELECT group_concat(name) FROM (SELECT t.name FROM loop l JOIN thread t ON t.id = l.thread_id ORDER BY 1)",
         "office-0,office-1,office-2"},
        {"SELECT count(*) - count(DISTINCT tid) FROM thread", "0"},
        /* tasks: main, three, and 30 visits each, told of by the thread that ran them */
        {"SELECT group_concat(n) FROM (SELECT count(*) AS n FROM task GROUP BY loop_id)", "34,34,34"},
        {"SELECT count(*) FROM task t JOIN loop l ON l.id = t.loop_id WHERE t.thread_id <> l.thread_id", "0"},
        {"SELECT count(*) FROM task WHERE state <> 'done' OR began_ns IS NULL OR coro_site_id IS NULL", "0"},
        {"SELECT group_concat(n) FROM (SELECT count(*) AS n FROM task t JOIN site s ON s.id = t.coro_site_id "
         "WHERE s.expr = 'visit' GROUP BY t.loop_id)",
         "30,30,30"},
        {"SELECT count(*) FROM coro", "0"}, /* tasks have taken them all, also where another thread had made them */
        /* jobs: 40 and 30 each, made by a task of the loop that they came back to */
        {"SELECT count(*) || ' ' || sum(code = 0 AND ended_ns >= created_ns) FROM object WHERE kind = 'thread_job'",
         "210 210"},
        {"SELECT group_concat(n) FROM (SELECT count(*) AS n FROM object o JOIN task t ON t.id = o.creator_task_id "
         "WHERE o.kind = 'thread_job' GROUP BY t.loop_id)",
         "70,70,70"},
        {"SELECT count(*) FROM child c JOIN object o ON o.id = c.object_id AND o.kind = 'gather' "
         "JOIN object j ON c.member_kind = 'object' AND j.id = c.member_id AND j.kind = 'thread_job' AND j.name = "
         "'adds_up'",
         "120"},
        {"SELECT count(*) FROM await a JOIN object o ON a.target_kind = 'object' AND o.id = a.target_id "
         "WHERE o.name = 'asks' AND a.ended_ns >= a.began_ns",
         "90"},
        {"SELECT count(*) FROM await WHERE ended_ns IS NULL", "0"},
    };
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        const char *answer = ask(questions[i].what);
        if (strcmp(answer, questions[i].answer) != 0)
            fail_msg("%s\n%s, not %s", questions[i].what, answer, questions[i].answer);
    }
}

static void test_lifecycle(void **state)
{
    (void)state;
    run("report=1");
    expect_all();
}

static void test_steps(void **state)
{
    (void)state;
    run("steps=1:stacks=1");
    expect_all();
    assert_string_equal(ask("SELECT count(*) FROM step WHERE ended_ns IS NULL"), "0");
    assert_string_equal(ask("SELECT count(DISTINCT loop_id) FROM step s JOIN task t ON t.id = s.task_id"), "3");
}

/* A spool that is full makes threads wait for the writer in turn. Every thread that records holds a segment of it (1
 * MiB): three loops, and at most as many of the pool as they give jobs at a time. */
static void test_a_small_spool(void **state)
{
    (void)state;
    run("spool_size=48m:steps=1");
    expect_all();
}

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/t.db", folder);
    return 0;
}

static int tear_down(void **state)
{
    char command[100];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lifecycle),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_a_small_spool),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
