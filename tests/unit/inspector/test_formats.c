/* The formats that machines read, over the same findings: golden reports, hostile texts, what is left out. */
#include "reporting.h"
#include "test.h"
#include "trace.h"
#include "words/headline.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const struct report_format *const every[] = {&report_text, &report_json,   &report_jsonl, &report_csv,
                                                    &report_md,   &report_github, &report_sarif, &report_junit};
#define EVERY (sizeof every / sizeof *every)

/* What the shop's findings look like to somebody with suppressions and a baseline. */
static void load_shop(struct fixture *fixture, struct model_snapshot *out)
{
    char *sql = fixture_text("shop.sql");
    reporting_load(fixture, sql, out);
    free(sql);
    make_source(fixture);
    for (size_t i = 0; i < out->groups_count; i++) {
        struct model_group *group = &out->groups[i];
        group->standing = MODEL_STANDING_NEW;
        if (strcmp(group->class, "pending-at-exit") == 0) {
            group->suppressed_by = "pending-at-exit:name=worker-* reason=\"they serve\"";
            group->suppressed_at = ".leash.supp:3";
        } else if (strcmp(group->class, "never-retrieved") == 0) {
            group->standing = MODEL_STANDING_KNOWN;
            group->accepted = 2;
        } else if (strcmp(group->class, "never-awaited") == 0) {
            group->standing = MODEL_STANDING_GREW;
            group->accepted = 2;
        }
    }
}

/* A version in a golden file would make every release change it. */
static void drop_version(char *text)
{
    static const char mark[] = "\"name\":\"leash\",\"version\":\"";
    char *at = strstr(text, mark);
    if (!at)
        return;
    at += sizeof mark - 1;
    memmove(at, strchr(at, '"'), strlen(strchr(at, '"')) + 1);
}

static void test_goldens(void **state)
{
    struct fixture *fixture = *state;
    struct model_snapshot snapshot;
    load_shop(fixture, &snapshot);
    for (size_t i = 0; i < EVERY; i++) {
        char name[64];
        char *text = report_of(&snapshot, every[i], NULL, fixture->dir);
        drop_version(text);
        snprintf(name, sizeof name, "formats/shop.%s", every[i] == &report_junit ? "xml" : every[i]->name);
        fixture_golden(name, text);
        free(text);
    }
    char *text = report_of(&snapshot, &report_text, &(struct report_options){.verbosity = 1}, fixture->dir);
    fixture_golden("formats/shop_verbose.text", text);
    free(text);
    model_free(&snapshot);
}

static void test_same_words_everywhere(void **state)
{
    struct fixture *fixture = *state;
    char *sql = fixture_text("shop.sql");
    static const char *const words[] = {"nobody holds its handle", "worker_start src/pool.c:57",
                                        "#12 pool -> #31 worker-0 -> sleep 10.000s ROOT",
                                        "await it before main returns, or cancel and await it"};
    for (size_t i = 0; i < EVERY; i++) {
        char *text = report(fixture, sql, every[i], &(struct report_options){.ascii = true}, fixture->dir);
        for (size_t j = 0; j < sizeof words / sizeof *words; j++) {
            const char *escaped =
                every[i] == &report_junit && j == 2 ? "#12 pool -&gt; #31 worker-0 -&gt; sleep 10.000s ROOT" : words[j];
            if (!strstr(text, escaped))
                fail_msg("%s does not say \"%s\": %s", every[i]->name, words[j], text);
        }
        free(text);
    }
    free(sql);
}

/* ---- hostile texts ---- */

static const char nasty[] = FIXTURE_RUN
    "INSERT INTO site VALUES(2, '../=cmd|' || char(27) || '[2J:,%.c', 3, '](x) {0} ]]>' || char(7, 10) || '::error::f',"
    " 'g' || char(0x202e, 0xfffe, 0xffff)), (3, CAST(x'ff1b' AS TEXT), -1, NULL, NULL), (4, '-a.c', 1, '=1+1', '@x');"
    "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(1, 2, 5, 'created', 512), (2, 4, 5, 'created', "
    "512);"
    "INSERT INTO task(id, name, site_id, loop_id, state, facts, lost_ns) VALUES(2, '`</details>`' || char(10, 13, 27,"
    " 0x9b, 9) || '<b>&|```', 3, 1, 'cancelled', 321, 9), (3, '=HYPERLINK(1)', 3, 1, 'done', 64, NULL);";

static void check_bytes(const struct report_format *format, const char *text)
{
    for (const char *at = text; *at; at++) {
        bool ends_line = *at == '\n' || (*at == '\r' && at[1] == '\n' && format == &report_csv);
        if (((unsigned char)*at < 0x20 && !ends_line) || *at == 0x7f)
            fail_msg("%s: byte %02x in: %s", format->name, (unsigned char)*at, text);
    }
    assert_null(strstr(text, "\xc2\x9b"));
    assert_null(strstr(text, "\xe2\x80\xae"));
    if (format == &report_junit)
        assert_null(strstr(text, "\xef\xbf\xbf"));
}

static void test_hostile_texts(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < EVERY; i++) {
        char *text = report(fixture, nasty, every[i], NULL, fixture->dir);
        check_bytes(every[i], text);
        free(text);
    }
    char *text = report(fixture, nasty, &report_github, NULL, fixture->dir);
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        if (strncmp(line, "::error ", 8) != 0 && strncmp(line, "::warning ", 10) != 0 &&
            strncmp(line, "leash: ", 7) != 0)
            fail_msg("a line of nobody: %s", line);
    free(text);
    text = report(fixture, nasty, &report_github, NULL, fixture->dir);
    assert_non_null(strstr(text, "file=../=cmd|\\x1b[2J%3A%2C%25.c,line=3,title=never-awaited::"));
    free(text);
    text = report(fixture, nasty, &report_csv, NULL, fixture->dir);
    assert_non_null(strstr(text, ",\"'-a.c\",1,\"'=1+1\","));
    assert_null(strstr(text, ",=")); /* no formula */
    assert_null(strstr(text, ",\"="));
    assert_null(strstr(text, ",@"));
    free(text);
    text = report(fixture, nasty, &report_md, NULL, fixture->dir);
    assert_non_null(strstr(text, "&#60;b&#62;&#38;&#124;"));
    assert_true(strstr(text, "<b>") > strstr(text, "````text\n")); /* as it is only between fences */
    assert_non_null(strstr(text, "````text\n"));                   /* a fence longer than the one in the name */
    free(text);
    text = report(fixture, nasty, &report_sarif, NULL, fixture->dir);
    assert_non_null(strstr(text, "\"uri\":\"../%3Dcmd%7C%1B%5B2J%3A%2C%25.c\""));
    assert_non_null(strstr(text, "\\\\]("));
    assert_non_null(strstr(text, "{{0}}"));
    free(text);
}

static void test_uris(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *file, *place;
    } cases[] = {
        {"./src/./x/..//a b.c", "{\"uri\":\"src/a%20b.c\",\"uriBaseId\":\"%SRCROOT%\"}"},
        {"/usr/src/\xc3\xa9#?.c", "{\"uri\":\"file:///usr/src/%C3%A9%23%3F.c\"}"},
        {"/../etc/x.c", "{\"uri\":\"file:///etc/x.c\"}"},
        {"a/../../up.c", "{\"uri\":\"../up.c\"}"},
        {"c:d.c", "{\"uri\":\"c%3Ad.c\",\"uriBaseId\":\"%SRCROOT%\"}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char sql[2000];
        snprintf(sql, sizeof sql,
                 FIXTURE_RUN "INSERT INTO site VALUES(2, '%s', 3, 'f', 'g');"
                             "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(1, 2, 5, 'created', 512);",
                 cases[i].file);
        char *text = report(fixture, sql, &report_sarif, NULL, fixture->dir);
        if (!strstr(text, cases[i].place))
            fail_msg("%s is not %s: %s", cases[i].file, cases[i].place, strstr(text, "\"locations\""));
        free(text);
    }
}

/* ---- what is not plain ---- */

static void test_clean_runs_are_not_empty(void **state)
{
    struct fixture *fixture = *state;
    char *text = report(fixture, FIXTURE_RUN, &report_junit, NULL, fixture->dir);
    size_t cases = 0;
    for (const char *at = text; (at = strstr(at, "<testcase ")); at++)
        cases++;
    assert_int_equal(cases, model_classes_count);
    assert_null(strstr(text, "<failure"));
    assert_non_null(strstr(text, "name=\"never-awaited\" classname=\"shop.db\" time=\"0\"></testcase>"));
    free(text);
    text = report(fixture, FIXTURE_RUN, &report_jsonl, NULL, fixture->dir);
    assert_string_equal(text, "");
    free(text);
    text = report(fixture, FIXTURE_RUN, &report_github, NULL, fixture->dir);
    assert_string_equal(text, "leash: shop.db: No leaks. Every coroutine ran and every task was joined. 1 task, 4.812s,"
                              " trace complete  OK (exit 0)\n");
    free(text);
}

static void test_trouble_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < EVERY; i++) {
        struct shown shown;
        const struct report_trace traces[] = {
            {"x.db", NULL, "x.db: no such file", {.code = EXIT_TROUBLE}},
            {"y.db", NULL, "y.db: not a leash trace", {.code = EXIT_TROUBLE}},
        };
        show_begin(&shown, "/tmp");
        every[i]->check(&shown.options, traces, 2, EXIT_TROUBLE);
        fclose(shown.options.out);
        bool tells = every[i] != &report_text && every[i] != &report_jsonl; /* theirs is told on stderr */
        if (tells && (!strstr(shown.text, "no such file") || !strstr(shown.text, "not a leash trace")))
            fail_msg("%s: %s", every[i]->name, shown.text);
        free(shown.text);
    }
}

static void test_inconclusive_is_told(void **state)
{
    struct fixture *fixture = *state;
    static const struct report_format *const telling[] = {&report_text,   &report_csv,   &report_md,
                                                          &report_github, &report_sarif, &report_junit};
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++) {
        char *text = report(fixture, FIXTURE_RUN "UPDATE run SET dropped = 3", telling[i], NULL, fixture->dir);
        if (!strstr(text, "what was dropped may have been leaks"))
            fail_msg("%s: %s", telling[i]->name, text);
        free(text);
    }
}

static void test_live_traces_would_leak_now(void **state)
{
    struct fixture *fixture = *state;
    struct model_snapshot snapshot;
    char *sql = fixture_text("shop.sql");
    reporting_load(fixture, sql, &snapshot);
    free(sql);
    snapshot.run.ending = MODEL_LIVE;
    char *text = report_of(&snapshot, &report_text, NULL, fixture->dir);
    assert_non_null(strstr(text, "error[unreferenced]: would leak now: task #77"));
    assert_non_null(strstr(text, "shop.db: 7 would leak now in 4 groups (1 unreferenced"));
    assert_non_null(strstr(text, "LIVE, still being written"));
    free(text);
    model_free(&snapshot);
}

static void test_github_shows_nine_and_counts_the_rest(void **state)
{
    struct fixture *fixture = *state;
    static const char twelve[] =
        FIXTURE_RUN "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 13)"
                    " INSERT INTO site SELECT i, 'src/a.c', i, 'f', 'g' FROM n;"
                    "INSERT INTO coro(id, site_id, created_ns, state, facts) SELECT id, id, id, 'created', 512"
                    " FROM site WHERE id > 1;";
    char *text = report(fixture, twelve, &report_github, NULL, fixture->dir);
    size_t errors = 0;
    for (const char *at = text; (at = strstr(at, "::error file=")); at++)
        errors++;
    assert_int_equal(errors, 9);
    assert_non_null(strstr(text, "::error title=leash::3 more like these"));
    free(text);
}

/* Two tasks that wait for each other, and main for one of them. */
static const char deadlock[] =
    FIXTURE_RUN "INSERT INTO site VALUES(2, 'src/pool.c', 88, 'rd_main', 'leash_await(writer)'),"
                "(3, 'src/pool.c', 99, 'wr_main', 'leash_await(reader)');"
                "UPDATE task SET state = 'cancelled', facts = 1, exit_await_id = 3;"
                "INSERT INTO task(id, name, site_id, coro_site_id, loop_id, created_ns, began_ns, state, facts,"
                " exit_await_id) VALUES(55, 'reader', 1, 2, 1, 0, 0, 'cancelled', 1, 1),"
                "(56, 'writer', 1, 3, 1, 0, 0, 'cancelled', 1, 2);"
                "INSERT INTO await VALUES(1, 55, NULL, 'task', 56, NULL, 2, 2100000000, NULL, NULL),"
                "(2, 56, NULL, 'task', 55, NULL, 3, 2100000000, NULL, NULL),"
                "(3, 1, NULL, 'task', 55, NULL, 1, 2100000000, NULL, NULL);";

static void test_deadlocks_are_loops(void **state)
{
    struct fixture *fixture = *state;
    struct model_snapshot snapshot;
    reporting_load(fixture, deadlock, &snapshot);
    assert_int_equal(snapshot.groups_count, 1);
    snapshot.groups[0].class = "deadlock";
    char *text = report_of(&snapshot, &report_text, NULL, fixture->dir);
    fixture_golden("deadlock.txt", text);
    free(text);
    snapshot.groups[0].class = "lock-held";
    text = report_of(&snapshot, &report_text, NULL, fixture->dir);
    assert_non_null(strstr(text, "error[lock-held]: task #55 \"reader\" ended and still holds a lock"));
    free(text);
    ((struct model_chain *)&snapshot.groups[0].examples[0].chain)->links = NULL; /* a cycle of nothing */
    ((struct model_chain *)&snapshot.groups[0].examples[0].chain)->count = 0;
    snapshot.groups[0].class = "deadlock";
    for (size_t i = 0; i < EVERY; i++)
        free(report_of(&snapshot, every[i], NULL, fixture->dir));
    model_free(&snapshot);
}

/* "task #55 "reader"" alone says nothing: there are words for every class, of one and of several. */
static void test_every_class_has_words(void **state)
{
    struct fixture *fixture = *state;
    struct model_snapshot snapshot;
    struct buffer words = {0}, subject = {0};
    reporting_load(fixture, deadlock, &snapshot);
    struct model_group group = snapshot.groups[0];
    struct model_example example = group.examples[0];
    example.chain.cycle = false;
    group.examples = &example;
    headline_add_subject(&subject, &example.subject);
    for (size_t i = 0; i < model_classes_count; i++) {
        group.class = model_classes[i].name;
        for (group.count = 1; group.count < 3; group.count++) {
            buffer_clear(&words);
            headline_add(&words, &group);
            assert_true(words.length > subject.length + 10);
        }
    }
    buffer_free(&words);
    buffer_free(&subject);
    model_free(&snapshot);
}

/* A line of 300 characters is cut around the expression; what is marked is still what is meant. */
static void test_long_lines_are_cut(void **state)
{
    struct fixture *fixture = *state;
    static const char sql[] =
        FIXTURE_RUN "INSERT INTO site VALUES(2, 'long.c', 1, 'f', 'flush_cache(x)');"
                    "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(1, 2, 5, 'created', 512);";
    char line[301];
    memset(line, 'a', sizeof line);
    memcpy(line + 150, "flush_cache(x)", 14);
    line[300] = '\n';
    fixture_write(fixture_name(fixture, "long.c"), line, sizeof line);
    char *text = report(fixture, sql, &report_text, NULL, fixture->dir);
    const char *code = strstr(text, ">    1 | ..."), *marks = strstr(text, "       |    ");
    assert_non_null(code);
    assert_non_null(marks);
    assert_true(strcspn(code, "\n") < 140);
    assert_int_equal(strcspn(marks, "^"), strstr(code, "flush_cache(x)") - code);
    assert_int_equal(strspn(marks + strcspn(marks, "^"), "^"), 14);
    free(text);
}

static void test_paths_are_quoted_for_the_shell(void **state)
{
    struct fixture *fixture = *state;
    struct model_snapshot snapshot;
    struct shown shown;
    char *sql = fixture_text("shop.sql");
    reporting_load(fixture, sql, &snapshot);
    free(sql);
    show_begin(&shown, fixture->dir);
    struct report_trace trace = {"my shop's.db", &snapshot, NULL, model_judge(&snapshot, &(struct model_policy){0})};
    report_text.check(&shown.options, &trace, 1, 1);
    fclose(shown.options.out);
    assert_non_null(strstr(shown.text, "next: leash 'my shop'\\''s.db'     leash show '#77' 'my shop'\\''s.db'"));
    free(shown.text);
    model_free(&snapshot);
}

/* ---- tables ---- */

static char *table_of(struct fixture *fixture, const struct report_format *format, const char *sql)
{
    struct shown shown;
    struct trace *trace = NULL;
    struct trace_error error;
    struct model_table *table;
    char why[300];
    show_begin(&shown, fixture->dir);
    remove(fixture->path);
    fixture_make(fixture->path, FIXTURE_RUN);
    assert_int_equal(trace_open(fixture->path, &(struct trace_options){.grace = 0}, &trace, &error), 0);
    if (model_sql_open(trace, sql, &table, why, sizeof why) != 0)
        fail_msg("%s", why);
    assert_int_equal(format->table(&shown.options, table), 0);
    model_table_close(table);
    trace_close(trace);
    fclose(shown.options.out);
    return shown.text;
}

static void expect_table(struct fixture *fixture, const struct report_format *format, const char *sql,
                         const char *wanted)
{
    char *text = table_of(fixture, format, sql);
    assert_string_equal(text, wanted);
    free(text);
}

static void test_tables(void **state)
{
    struct fixture *fixture = *state;
    static const char sql[] = "SELECT -5 AS n, '=1+1' AS word, 2.5 AS x, NULL AS missing, 'a\"b,' || char(10, 27) AS t"
                              " UNION ALL SELECT 7, '-3', 1e300, '', 'a|b`<'";
    expect_table(fixture, &report_csv, sql,
                 "n,word,x,missing,t\r\n-5,\"'=1+1\",2.5,,\"a\"\"b,\\x0a\\x1b\"\r\n7,\"'-3\",1e+300,,a|b`<\r\n");
    expect_table(fixture, &report_md, sql,
                 "| n | word | x | missing | t |\n|---|---|---|---|---|\n"
                 "| -5 | =1+1 | 2.5 |  | a\"b,&#92;x0a&#92;x1b |\n| 7 | -3 | 1e+300 |  | a&#124;b&#96;&#60; |\n");
    expect_table(fixture, &report_jsonl, "SELECT 1 AS a, char(27) AS b UNION ALL SELECT 2, NULL",
                 "{\"a\":1,\"b\":\"\\u001B\"}\n{\"a\":2,\"b\":null}\n");
    expect_table(fixture, &report_csv, "SELECT 1 AS a WHERE 0", "a\r\n");
}

static void test_formats_know_what_they_make(void **state)
{
    (void)state;
    struct buffer words = {0};
    for (size_t i = 0; i < EVERY; i++)
        assert_true(report_makes(every[i], REPORT_CHECK) && report_makes(every[i], REPORT_OWN));
    assert_false(report_makes(&report_sarif, REPORT_TABLE));
    assert_false(report_makes(&report_csv, REPORT_DETAIL));
    report_formats(&words, REPORT_TABLE);
    assert_string_equal(buffer_text(&words), "text, json, jsonl, csv and md");
    buffer_clear(&words);
    report_formats(&words, REPORT_DETAIL);
    assert_string_equal(buffer_text(&words), "text, json, jsonl and md");
    buffer_free(&words);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_goldens),
                                       WITH_FIXTURE(test_same_words_everywhere),
                                       WITH_FIXTURE(test_hostile_texts),
                                       WITH_FIXTURE(test_uris),
                                       WITH_FIXTURE(test_clean_runs_are_not_empty),
                                       cmocka_unit_test(test_trouble_is_told),
                                       WITH_FIXTURE(test_inconclusive_is_told),
                                       WITH_FIXTURE(test_live_traces_would_leak_now),
                                       WITH_FIXTURE(test_github_shows_nine_and_counts_the_rest),
                                       WITH_FIXTURE(test_deadlocks_are_loops),
                                       WITH_FIXTURE(test_every_class_has_words),
                                       WITH_FIXTURE(test_long_lines_are_cut),
                                       WITH_FIXTURE(test_paths_are_quoted_for_the_shell),
                                       WITH_FIXTURE(test_tables),
                                       cmocka_unit_test(test_formats_know_what_they_make)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
