/* A run in figures. */
#include "picturing.h"
#include "test.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct summed {
    struct trace *trace;
    struct model_snapshot snapshot;
    struct model_summary summary;
};

static void sum_up(struct fixture *fixture, const char *sql, struct summed *out)
{
    char why[300] = "";
    out->trace = picturing_open(fixture, sql);
    assert_int_equal(model_load(out->trace, NULL, &out->snapshot, why, sizeof why), 0);
    if (model_summary_load(out->trace, &out->snapshot, &out->summary, why, sizeof why) != 0)
        fail_msg("%s", why);
}

static void end(struct summed *summed)
{
    model_summary_free(&summed->summary);
    model_free(&summed->snapshot);
    trace_close(summed->trace);
}

static char *text_of(struct summed *summed, const struct report_format *format)
{
    struct shown shown;
    struct report_trace trace = {"shop.db", &summed->snapshot, NULL,
                                 model_judge(&summed->snapshot, &(struct model_policy){0})};
    show_begin(&shown, "/");
    summed->summary.figures.bytes = 131072;
    picture_format_of(format)->summary(&shown.options, &trace, &summed->summary);
    fclose(shown.options.out);
    return shown.text;
}

static void test_figures(void **state)
{
    struct summed summed;
    char *sql = fixture_text("shop.sql");
    sum_up(*state, sql, &summed);
    free(sql);
    const struct model_figures *figures = &summed.summary.figures;
    assert_int_equal(figures->tasks, 8);
    assert_int_equal(figures->pending, 4);
    assert_int_equal(figures->joined, 3); /* of four that were finished; nobody joined #78 */
    assert_int_equal(figures->failed, 1);
    assert_int_equal(figures->retrieved, 0);
    assert_true(figures->bytes > 0);
    assert_int_equal(summed.summary.leaks, 8);
    assert_null(summed.summary.longest_run.label);
    end(&summed);
}

/* As the fold leaves it: totals and tops say what would take long to count. */
static const char folded[] = FIXTURE_RUN
    "INSERT INTO total VALUES('tasks', 1204), ('tasks_done', 1198), ('tasks_failed', 6),"
    " ('tasks_cancelled', 0), ('coros', 4514), ('events', 99999), ('awaits', 5000);"
    "INSERT INTO site VALUES(2, 'src/rpc.c', 19, 'rpc', 'leash_sleep'), (3, 'src/rpc.c', 19, 'rpc', 'rpc');"
    "INSERT INTO task(id, name, loop_id, created_ns, began_ns, ended_ns, state) VALUES"
    "(41, 'rpc', 1, 0, 0, 5, 'done');"
    "INSERT INTO await(id, task_id, target_kind, site_id, began_ns, ended_ns) VALUES"
    "(1, 41, 'sleep', 1, 0, 5), (2, 41, 'sleep', 2, 0, 1712000000);"
    "CREATE INDEX task_open ON task(facts) WHERE facts <> 0 OR state = 'pending';"
    "CREATE INDEX await_by_task ON await(task_id);"
    "INSERT INTO top_task VALUES('wait', 1, 41, 1712000000), ('life', 1, 1, 4811000000);"
    "INSERT INTO site_stat(site_id, tasks, coros, awaits) VALUES(1, 1, 0, 3), (2, 0, 0, 40), (3, 20, 20, 0)";

static void test_clean(void **state)
{
    struct summed summed;
    sum_up(*state, folded, &summed);
    char *text = text_of(&summed, &report_text);
    fixture_golden("summary.txt", text);
    free(text);
    text = text_of(&summed, &report_json);
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    assert_string_equal(json_string_value(json_object_get(object, "schema")), "leash.summary/1");
    assert_string_equal(json_string_value(json_object_get(json_object_get(object, "slowest_wait"), "id")), "#41");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(object, "figures"), "coroutines")), 3310);
    json_decref(object);
    free(text);
    end(&summed);
}

static void test_crashed(void **state)
{
    struct summed summed;
    sum_up(*state,
           FIXTURE_RUN
           "UPDATE run SET end_kind = 'crashed', ended_ns = 5; INSERT INTO task(id, created_ns, state) VALUES"
           "(2, 0, 'pending')",
           &summed);
    assert_int_equal(summed.summary.figures.pending, 1);
    assert_int_equal(summed.summary.figures.joined, -1);
    char *text = text_of(&summed, &report_text);
    assert_non_null(strstr(text, "1 pending\n"));
    assert_null(strstr(text, "joined"));
    free(text);
    end(&summed);
}

static void test_nonsense(void **state)
{
    struct summed summed;
    sum_up(*state,
           FIXTURE_RUN "INSERT INTO total VALUES('tasks', -5), ('coros', 9223372036854775807), ('tasks_done', 'many'),"
                       " ('tasks_failed', -9223372036854775808);"
                       "INSERT INTO site VALUES(2, char(27) || '[2J', -1, char(7), NULL);"
                       "INSERT INTO site_stat(site_id, tasks, awaits) VALUES(2, -1, 9223372036854775807), (77, 1, 1);"
                       "INSERT INTO top_task VALUES('wait', -1, 77, -9223372036854775808), ('life', 1, -1, 0)",
           &summed);
    char *text = text_of(&summed, &report_text);
    assert_null(strchr(text, 27));
    free(text);
    free(text_of(&summed, &report_json));
    end(&summed);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_figures), WITH_FIXTURE(test_clean), WITH_FIXTURE(test_crashed),
                                       WITH_FIXTURE(test_nonsense)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
