/* A thread that runs jobs beside the terminal: in order, one at a time, each over exactly once however it ends. */
#include "worker.h"
#include "fixture.h"
#include "query.h"
#include "test.h"

#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOMENT_MS 10000 /* long enough on any machine, short enough for a hang to be noticed */
/* Runs until it is stopped. */
#define ENDLESS "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

struct scene {
    struct fixture *fixture;
    struct trace *trace;
    struct worker *worker;
    char log[64]; /* the letters of the jobs, as they were done */
};

/* A question; `letter` is appended to the log when it is done. */
struct ask {
    struct worker_job job;
    struct scene *scene;
    const char *sql;
    int64_t answer;
    char letter;
    int done, ran;
    bool stubborn; /* answers although it was cancelled */
    sem_t begun;
    struct ask *follower; /* submitted by done() */
};

static int run_sql(struct worker_job *job, struct trace *trace)
{
    struct ask *ask = (struct ask *)job;
    ask->ran++;
    struct trace_query *query = trace_prepare(trace, ask->sql);
    if (!query)
        return -EIO;
    sem_post(&ask->begun);
    int rc = trace_step(query);
    if (rc > 0)
        ask->answer = trace_int(query, 0);
    trace_finish(query);
    return rc < 0 ? rc : 0;
}

static int run_loop(struct worker_job *job, struct trace *trace)
{
    struct ask *ask = (struct ask *)job;
    ask->ran++;
    worker_progress(job, 3, 4);
    sem_post(&ask->begun);
    while (!trace_is_interrupted(trace))
        continue;
    return ask->stubborn ? 0 : -EINTR;
}

static void done(struct worker_job *job)
{
    struct ask *ask = (struct ask *)job;
    size_t length = strlen(ask->scene->log);
    ask->scene->log[length] = ask->letter;
    ask->done++;
    if (ask->follower)
        worker_submit(ask->scene->worker, &ask->follower->job);
}

static struct ask ask_of(struct scene *scene, char letter, const char *sql)
{
    struct ask ask = {.job = {.what = "asking", .run = sql ? run_sql : run_loop, .done = done},
                      .scene = scene,
                      .sql = sql,
                      .letter = letter};
    sem_init(&ask.begun, 0, 0);
    return ask;
}

static int begin(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    struct trace_error error = {""};
    void *fixture;
    assert_non_null(scene);
    fixture_begin(&fixture);
    scene->fixture = fixture;
    fixture_make(scene->fixture->path, FIXTURE_RUN);
    assert_int_equal(trace_open(scene->fixture->path, &(struct trace_options){.grace = 0}, &scene->trace, &error), 0);
    assert_int_equal(worker_start(scene->trace, &scene->worker, &error), 0);
    *state = scene;
    return 0;
}

static int end(void **state)
{
    struct scene *scene = *state;
    void *fixture = scene->fixture;
    worker_stop(scene->worker);
    trace_close(scene->trace);
    fixture_end(&fixture);
    free(scene);
    return 0;
}

static void test_answers(void **state)
{
    struct scene *scene = *state;
    struct ask ask = ask_of(scene, 'a', "SELECT count(*) FROM task");
    struct worker_status status;
    assert_false(worker_status(scene->worker, &status));
    worker_submit(scene->worker, &ask.job);
    assert_true(worker_wait(scene->worker, MOMENT_MS));
    assert_int_equal(ask.job.result, 0);
    assert_int_equal(ask.answer, 1);
    assert_int_equal(ask.done, 1);
    assert_false(worker_status(scene->worker, &status));
    assert_true(worker_wait(scene->worker, 0));
}

static void test_descriptor_tells(void **state)
{
    struct scene *scene = *state;
    struct ask ask = ask_of(scene, 'a', "SELECT 7");
    struct pollfd over = {.fd = worker_fd(scene->worker), .events = POLLIN};
    assert_int_equal(poll(&over, 1, 0), 0);
    worker_submit(scene->worker, &ask.job);
    assert_int_equal(poll(&over, 1, MOMENT_MS), 1);
    assert_int_equal(ask.done, 0);
    assert_int_equal(worker_collect(scene->worker), 1);
    assert_int_equal(ask.answer, 7);
    assert_int_equal(poll(&over, 1, 0), 0);
}

static void test_one_after_the_other(void **state)
{
    struct scene *scene = *state;
    struct ask asks[20];
    for (int i = 0; i < 20; i++) {
        asks[i] = ask_of(scene, (char)('a' + i), "SELECT count(*) FROM task");
        worker_submit(scene->worker, &asks[i].job);
    }
    assert_true(worker_wait(scene->worker, MOMENT_MS));
    assert_string_equal(scene->log, "abcdefghijklmnopqrst");
}

static void test_cancels_what_runs(void **state)
{
    struct scene *scene = *state;
    struct ask slow = ask_of(scene, 's', ENDLESS), next = ask_of(scene, 'n', "SELECT 1");
    worker_submit(scene->worker, &slow.job);
    worker_submit(scene->worker, &next.job);
    sem_wait(&slow.begun);
    assert_false(worker_wait(scene->worker, 0));
    worker_cancel(scene->worker, &slow.job);
    assert_true(worker_wait(scene->worker, MOMENT_MS));
    assert_int_equal(slow.job.result, -ECANCELED);
    assert_string_equal(slow.job.failure, "interrupted");
    assert_int_equal(next.job.result, 0);
    assert_int_equal(next.answer, 1);
    assert_string_equal(scene->log, "sn");
}

static void test_cancels_what_waits(void **state)
{
    struct scene *scene = *state;
    struct ask slow = ask_of(scene, 's', ENDLESS), next = ask_of(scene, 'n', "SELECT 1");
    worker_submit(scene->worker, &slow.job);
    worker_submit(scene->worker, &next.job);
    sem_wait(&slow.begun);
    worker_cancel(scene->worker, &next.job);
    worker_cancel(scene->worker, &slow.job);
    assert_true(worker_wait(scene->worker, MOMENT_MS));
    assert_int_equal(next.job.result, -ECANCELED);
    assert_int_equal(next.ran, 0);
    assert_string_equal(scene->log, "sn");
}

/* A cancel that comes when all is over must not hit the job behind. */
static void test_late_cancel_hits_nobody(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 200; i++) {
        struct ask first = ask_of(scene, 0, "SELECT 1"), second = ask_of(scene, 0, "SELECT count(*) FROM task");
        worker_submit(scene->worker, &first.job);
        worker_submit(scene->worker, &second.job);
        sem_wait(&first.begun);
        worker_cancel(scene->worker, &first.job);
        assert_true(worker_wait(scene->worker, MOMENT_MS));
        assert_int_equal(second.job.result, 0);
        assert_int_equal(second.answer, 1);
    }
}

static void test_status(void **state)
{
    struct scene *scene = *state;
    struct ask loop = ask_of(scene, 'l', NULL), next = ask_of(scene, 'n', "SELECT 1");
    struct worker_status status;
    worker_submit(scene->worker, &loop.job);
    worker_submit(scene->worker, &next.job);
    sem_wait(&loop.begun);
    assert_true(worker_status(scene->worker, &status));
    assert_string_equal(status.what, "asking");
    assert_true(status.seconds >= 0);
    assert_true(status.progress > 0.74 && status.progress < 0.76);
    assert_int_equal(status.waiting, 1);
    worker_cancel_all(scene->worker);
    assert_true(worker_wait(scene->worker, MOMENT_MS));
    assert_int_equal(loop.job.result, -ECANCELED);
    assert_int_equal(next.job.result, -ECANCELED);
}

/* What it made must not be lost: it is an answer. */
static void test_cancelled_and_over(void **state)
{
    struct scene *scene = *state;
    struct ask loop = ask_of(scene, 'l', NULL);
    loop.stubborn = true;
    worker_submit(scene->worker, &loop.job);
    sem_wait(&loop.begun);
    worker_cancel(scene->worker, &loop.job);
    assert_true(worker_wait(scene->worker, MOMENT_MS));
    assert_int_equal(loop.job.result, 0);
}

static void test_failure_says_why(void **state)
{
    struct scene *scene = *state;
    struct ask bad = ask_of(scene, 'b', "SELECT colour FROM task");
    worker_submit(scene->worker, &bad.job);
    assert_true(worker_wait(scene->worker, MOMENT_MS));
    assert_int_equal(bad.job.result, -EIO);
    assert_string_equal(bad.job.failure, "no such column: colour");
}

static void test_done_may_submit(void **state)
{
    struct scene *scene = *state;
    struct ask second = ask_of(scene, 's', "SELECT 2"), first = ask_of(scene, 'f', "SELECT 1");
    first.follower = &second;
    worker_submit(scene->worker, &first.job);
    assert_true(worker_wait(scene->worker, MOMENT_MS));
    assert_string_equal(scene->log, "fs");
    assert_int_equal(second.answer, 2);
}

static void test_stop_ends_all(void **state)
{
    struct scene *scene = *state;
    struct ask slow = ask_of(scene, 's', ENDLESS), next = ask_of(scene, 'n', "SELECT 1");
    struct ask late = ask_of(scene, 'l', "SELECT 1");
    next.follower = &late;
    worker_submit(scene->worker, &slow.job);
    worker_submit(scene->worker, &next.job);
    worker_stop(scene->worker);
    scene->worker = NULL;
    assert_int_equal(slow.job.result, -ECANCELED);
    assert_int_equal(next.job.result, -ECANCELED);
    assert_int_equal(late.job.result, -ECANCELED);
    assert_int_equal(late.ran, 0);
    assert_string_equal(scene->log, "snl");
}

/* The owner's handle and the worker's are used at the same time. */
static void test_handles_are_apart(void **state)
{
    struct scene *scene = *state;
    struct ask slow = ask_of(scene, 's', ENDLESS);
    worker_submit(scene->worker, &slow.job);
    sem_wait(&slow.begun);
    struct trace_query *query = trace_prepare(scene->trace, "SELECT count(*) FROM leak");
    assert_int_equal(trace_step(query), 1);
    worker_cancel(scene->worker, &slow.job);
    assert_true(worker_wait(scene->worker, MOMENT_MS));
    assert_int_equal(trace_step(query), 0);
    trace_finish(query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answers, begin, end),
        cmocka_unit_test_setup_teardown(test_descriptor_tells, begin, end),
        cmocka_unit_test_setup_teardown(test_one_after_the_other, begin, end),
        cmocka_unit_test_setup_teardown(test_cancels_what_runs, begin, end),
        cmocka_unit_test_setup_teardown(test_cancels_what_waits, begin, end),
        cmocka_unit_test_setup_teardown(test_late_cancel_hits_nobody, begin, end),
        cmocka_unit_test_setup_teardown(test_status, begin, end),
        cmocka_unit_test_setup_teardown(test_cancelled_and_over, begin, end),
        cmocka_unit_test_setup_teardown(test_failure_says_why, begin, end),
        cmocka_unit_test_setup_teardown(test_done_may_submit, begin, end),
        cmocka_unit_test_setup_teardown(test_stop_ends_all, begin, end),
        cmocka_unit_test_setup_teardown(test_handles_are_apart, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
