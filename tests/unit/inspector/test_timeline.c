/* What each task did when. */
#include "picturing.h"
#include "test.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void load(struct trace *trace, struct model_window window, struct model_timeline *out)
{
    struct model_spawn spawn;
    char why[300] = "";
    assert_int_equal(model_spawn_load(trace, &spawn, why, sizeof why), 0);
    if (model_timeline_load(trace, &window, spawn.tasks, spawn.count, out, why, sizeof why) != 0)
        fail_msg("%s", why);
    model_spawn_free(&spawn);
}

static void expect_cells(const struct model_timeline *timeline, int64_t task, const char *cells)
{
    for (size_t i = 0; i < timeline->count; i++)
        if (timeline->lanes[i].ref.id == task) {
            assert_string_equal(timeline->lanes[i].cells, cells);
            return;
        }
    fail_msg("no lane of #%lld", (long long)task);
}

static char *text_of(const struct model_timeline *timeline, const struct report_format *format)
{
    struct shown shown;
    const struct picture_lanes picture = {timeline, timeline->count + 3, 3, 24};
    show_begin(&shown, "/");
    picture_format_of(format)->timeline(&shown.options, &picture);
    fclose(shown.options.out);
    return shown.text;
}

static void test_goldens(void **state)
{
    static const struct {
        const char *golden;
        struct model_window window;
    } cases[] = {{"timeline.txt", {0, 4820000000, 73}},
                 {"timeline_part.txt", {400000000, 1100000000, 70}},
                 {"timeline_close.txt", {502000000, 502000700, 70}}};
    struct trace *trace = picturing_open(*state, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct model_timeline timeline;
        load(trace, cases[i].window, &timeline);
        char *text = text_of(&timeline, &report_text);
        fixture_golden(cases[i].golden, text);
        free(text);
        model_timeline_free(&timeline);
    }
    trace_close(trace);
}

#define SLEEPY                                                                                                         \
    "INSERT INTO run(id, ended_ns, end_kind, level) VALUES(1, 100, 'complete', 'steps');"                              \
    "INSERT INTO loop VALUES(1, 1, 1, 1, 0, 100, 0, 100, 'complete');"                                                 \
    "INSERT INTO task(id, loop_id, created_ns, began_ns, ended_ns, state) VALUES(1, 1, 0, 10, 90, 'done'),"            \
    "(2, 1, 20, NULL, 60, 'cancelled'), (3, 1, 5, 15, NULL, 'pending');"                                               \
    "INSERT INTO await(id, task_id, target_kind, began_ns, ended_ns) VALUES(1, 1, 'sleep', 30, 50),"                   \
    "(2, 1, 'sleep', 50, 80), (3, 3, 'sleep', 20, NULL);"

/* Between waits a task ran, if only for an instant; where steps are told, it was ready as long as it did not. */
static void test_states(void **state)
{
    struct model_timeline timeline;
    struct trace *trace = picturing_open(*state, SLEEPY);
    load(trace, (struct model_window){0, 100, 10}, &timeline);
    assert_false(timeline.steps);
    assert_null(timeline.busy);
    expect_cells(&timeline, 1, "=##--#--#|");
    expect_cells(&timeline, 2, "  ====C   ");
    expect_cells(&timeline, 3, "=#------->");
    model_timeline_free(&timeline);
    load(trace, (struct model_window){35, 55, 4}, &timeline);
    expect_cells(&timeline, 1, "<-->");
    model_timeline_free(&timeline);
    trace_close(trace);

    trace = picturing_open(*state, SLEEPY "INSERT INTO step(task_id, began_ns, ended_ns) VALUES(1, 10, 20),"
                                          "(1, 25, 30), (1, 80, 80), (3, 15, 20);");
    load(trace, (struct model_window){0, 100, 10}, &timeline);
    assert_true(timeline.steps);
    expect_cells(&timeline, 1, "=##-----#|");
    expect_cells(&timeline, 3, "=#------->");
    assert_string_equal(timeline.busy, " #|       ");
    assert_string_equal(timeline.ready, "212111..1.");
    model_timeline_free(&timeline);
    trace_close(trace);
}

static void test_columns(void **state)
{
    (void)state;
    const struct model_window all = {INT64_MIN + 1, INT64_MAX, 1000}, tiny = {5, 6, 10};
    assert_int_equal(model_time_column(&all, INT64_MIN + 1), 0);
    assert_int_equal(model_time_column(&all, INT64_MAX), 999);
    assert_int_equal(model_time_column(&all, 0), 500);
    assert_int_equal(model_column_time(&all, 1000), INT64_MAX);
    assert_int_equal(model_time_column(&tiny, 5), 0);
    assert_int_equal(model_column_time(&tiny, 9), 5);
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(model_time_column(&all, model_column_time(&all, i) + 1), i);
}

static void expect_window(const struct model_window *window, int64_t from_ns, int64_t to_ns)
{
    assert_int_equal(window->from_ns, from_ns);
    assert_int_equal(window->to_ns, to_ns);
}

static void test_windows(void **state)
{
    (void)state;
    const struct model_window all = {0, 1000, 10}, vast = {0, INT64_MAX, 1000};
    struct model_window window = all;
    model_window_zoom(&window, &all, 200, true);
    expect_window(&window, 100, 600); /* 200 stays in its column */
    model_window_zoom(&window, &all, 600, true);
    expect_window(&window, 350, 600);
    assert_int_equal(model_window_pan(&window, &all, 2), 50);
    expect_window(&window, 400, 650);
    assert_int_equal(model_window_pan(&window, &all, -100), -400);
    expect_window(&window, 0, 250);
    model_window_show(&window, &all, 990);
    expect_window(&window, 750, 1000);
    model_window_show(&window, &all, 800);
    expect_window(&window, 750, 1000);
    model_window_zoom(&window, &all, 750, false);
    expect_window(&window, 500, 1000);
    model_window_zoom(&window, &all, 1000, false);
    model_window_zoom(&window, &all, 3, false);
    expect_window(&window, 0, 1000);
    for (int i = 0; i < 20; i++)
        model_window_zoom(&window, &all, 500, true);
    assert_int_equal(window.to_ns - window.from_ns, 10); /* a nanosecond a column */
    window = vast;
    for (int i = 0; i < 120; i++)
        model_window_zoom(&window, &vast, INT64_MAX, i < 50);
    expect_window(&window, 0, INT64_MAX);
    assert_int_equal(model_window_pan(&window, &vast, INT32_MAX), 0);
}

static void test_events(void **state)
{
    struct trace *trace = picturing_open(*state, NULL);
    int64_t at;
    assert_int_equal(model_lane_event(trace, 31, 502000000, true, &at), 0);
    assert_int_equal(at, 503000000);
    assert_int_equal(model_lane_event(trace, 31, at, false, &at), 0);
    assert_int_equal(at, 501000000);
    assert_int_equal(model_lane_event(trace, 31, 500000000, false, &at), -ENOENT);
    assert_int_equal(model_lane_event(trace, 31, 4815000000, true, &at), -ENOENT);
    assert_int_equal(model_lane_event(trace, 999, 0, true, &at), -ENOENT);
    trace_close(trace);
}

static void test_moment(void **state)
{
    struct model_moment moment;
    char why[300];
    struct trace *trace = picturing_open(*state, NULL);
    assert_int_equal(model_lane_moment(trace, 31, 505000000, &moment, why, sizeof why), 0);
    assert_int_equal(moment.stretches[0].state, MODEL_LANE_RUNNING);
    assert_int_equal(moment.stretches[0].from_ns, 501000000);
    assert_int_equal(moment.stretches[1].state, MODEL_LANE_WAITING);
    assert_string_equal(moment.stretches[1].what, "sleep 0.005s");
    assert_int_equal(moment.stretches[1].site.line, 19);
    assert_int_equal(moment.stretches[2].state, MODEL_LANE_RUNNING);
    assert_int_equal(moment.stretches[2].to_ns, 512000000);
    model_moment_free(&moment);
    assert_int_equal(model_lane_moment(trace, 31, 500500000, &moment, why, sizeof why), 0);
    assert_int_equal(moment.stretches[1].state, MODEL_LANE_READY);
    assert_int_equal(moment.stretches[0].state, MODEL_LANE_NOTHING);
    model_moment_free(&moment);
    assert_int_equal(model_lane_moment(trace, 31, 5000000000, &moment, why, sizeof why), 0);
    assert_int_equal(moment.stretches[1].state, MODEL_LANE_NOTHING);
    model_moment_free(&moment);
    trace_close(trace);
    trace = picturing_open(*state, SLEEPY "INSERT INTO step(task_id, began_ns, ended_ns) VALUES(1, 10, 20),"
                                          "(1, 25, 30), (1, 80, 80), (3, 15, 20);");
    assert_int_equal(model_lane_moment(trace, 1, 22, &moment, why, sizeof why), 0);
    assert_int_equal(moment.stretches[0].state, MODEL_LANE_RUNNING);
    assert_int_equal(moment.stretches[1].state, MODEL_LANE_READY);
    assert_int_equal(moment.stretches[1].from_ns, 20);
    assert_int_equal(moment.stretches[1].to_ns, 25);
    assert_int_equal(moment.stretches[2].state, MODEL_LANE_RUNNING);
    model_moment_free(&moment);
    trace_close(trace);
}

static void test_json(void **state)
{
    struct model_timeline timeline;
    struct trace *trace = picturing_open(*state, SLEEPY);
    load(trace, (struct model_window){0, 100, 10}, &timeline);
    char *text = text_of(&timeline, &report_json);
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    json_t *lane = json_array_get(json_object_get(object, "lanes"), 0);
    assert_string_equal(json_string_value(json_object_get(lane, "cells")), "=##--#--#|");
    assert_string_equal(json_string_value(json_object_get(json_object_get(object, "legend"), "#")), "running");
    assert_int_equal(json_integer_value(json_object_get(object, "more")), 3);
    json_decref(object);
    free(text);
    model_timeline_free(&timeline);
    trace_close(trace);
}

static void test_nonsense(void **state)
{
    static const struct model_window windows[] = {
        {0, 1, 1}, {INT64_MIN + 1, INT64_MAX, 1000}, {-5, 5, 3}, {INT64_MAX - 1, INT64_MAX, 7}};
    static const char sql[] =
        SLEEPY "INSERT INTO task(id, created_ns, began_ns, ended_ns, state, lost_ns) VALUES"
               "(10, 9223372036854775807, -9223372036854775808, 5, 'failed', -1), (11, NULL, NULL, NULL, 'x', NULL),"
               "(12, 50, 40, 30, 'done', 9223372036854775807), (13, NULL, 5, NULL, 'pending', NULL);"
               "INSERT INTO await(task_id, target_kind, began_ns, ended_ns) VALUES(10, 'x', 9223372036854775807,"
               " -9223372036854775808), (12, 'sleep', NULL, 5), (12, 'sleep', 60, 10), (13, 'sleep', 0,"
               " 9223372036854775807), (13, 'sleep', -9223372036854775807, NULL);"
               "INSERT INTO step(task_id, began_ns, ended_ns) VALUES(10, 5, -5), (13, -9223372036854775808,"
               " 9223372036854775807), (13, NULL, NULL), (99, 0, NULL);";
    struct trace *trace = picturing_open(*state, sql);
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        struct model_timeline timeline;
        struct model_moment moment;
        char why[300];
        load(trace, windows[i], &timeline);
        for (size_t lane = 0; lane < timeline.count; lane++) {
            assert_int_equal(strlen(timeline.lanes[lane].cells), windows[i].columns);
            assert_int_equal(
                model_lane_moment(trace, timeline.lanes[lane].ref.id, windows[i].from_ns, &moment, why, sizeof why), 0);
            model_moment_free(&moment);
        }
        free(text_of(&timeline, &report_text));
        free(text_of(&timeline, &report_json));
        model_timeline_free(&timeline);
    }
    trace_close(trace);
}

static void test_extent(void **state)
{
    int64_t from, to;
    char why[300];
    struct trace *trace = picturing_open(*state, NULL);
    assert_int_equal(model_timeline_extent(trace, &from, &to, why, sizeof why), 0);
    assert_int_equal(to, 4812000000);
    trace_close(trace);
    trace = picturing_open(*state, SLEEPY "UPDATE run SET ended_ns = NULL, end_kind = 'crashed'");
    assert_int_equal(model_timeline_extent(trace, &from, &to, why, sizeof why), 0);
    assert_int_equal(to, 90);
    trace_close(trace);
    trace = picturing_open(*state, "");
    assert_int_equal(model_timeline_extent(trace, &from, &to, why, sizeof why), 0);
    assert_int_equal(to, 1);
    trace_close(trace);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(test_goldens),     WITH_FIXTURE(test_states),   cmocka_unit_test(test_columns),
        cmocka_unit_test(test_windows), WITH_FIXTURE(test_events),   WITH_FIXTURE(test_moment),
        WITH_FIXTURE(test_json),        WITH_FIXTURE(test_nonsense), WITH_FIXTURE(test_extent)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
