/* leash_create_task_eager: CPython 3.12's test_eager_task_factory.py in C, and what a switch from stack to stack can
 * get wrong. */
#include "test.h"

#include <context.h>
#include <errno.h>
#include <guard.h>
#include <leash.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <trace_format.h>
#include <unistd.h>

#include "sink.h"

/* What happened, a word each. */
struct story {
    char words[512];
    int rc[8];
    leash_task_t tasks[4];
    leash_future_t future;
    struct leash_local local;
};

static void say(struct story *story, const char *what)
{
    size_t length = strlen(story->words);
    snprintf(story->words + length, sizeof story->words - length, "%s%s", length ? " " : "", what);
}

static void says_loop(void *arg)
{
    say(arg, "loop");
}

/* ---- a step at once ---- */

static int ends(void *arg)
{
    say(arg, "body");
    return leash_return(arg);
}

static int awaits_who_ended(void *arg)
{
    struct story *story = arg;
    void *result = NULL;
    leash_call_soon(says_loop, story); /* would run if anything yielded */
    leash_task_t task = leash_create_task_eager(leash_coro(ends, story));
    say(story, leash_done(task) == 1 ? "done" : "pending");
    story->rc[0] = leash_cancel(task, NULL); /* what is finished cannot be cancelled */
    int rc = leash_await(task, &result);
    say(story, result == story && leash_cancelled(task) == 0 ? "awaited" : "?");
    return rc;
}

static void test_a_task_that_ends_in_its_first_step(void **state)
{
    struct story story = {.rc = {5}};
    (void)state;
    assert_int_equal(run_virtual(awaits_who_ended, &story), 0);
    assert_string_equal(story.words, "body done awaited loop");
    assert_int_equal(story.rc[0], 0);
}

static int sets_the_future(void *arg)
{
    struct story *story = arg;
    return leash_future_set_result(story->future, story);
}

static int awaits_a_future(void *arg)
{
    struct story *story = arg;
    void *result = NULL;
    story->future = leash_future();
    leash_task_t task = leash_create_task_eager(leash_coro(sets_the_future, story));
    story->rc[0] = leash_done(task);
    int rc = leash_await(story->future, &result);
    leash_await(task, NULL);
    return result == story ? rc : -EPROTO;
}

static void test_a_future_set_in_the_first_step(void **state)
{
    struct story story = {.rc = {5}};
    (void)state;
    assert_int_equal(run_virtual(awaits_a_future, &story), 0);
    assert_int_equal(story.rc[0], 1);
}

static int sleeps(void *arg)
{
    struct story *story = arg;
    say(story, "before");
    story->tasks[1] = leash_current_task();
    int rc = leash_sleep(0.1);
    say(story, leash_current_task() == story->tasks[1] ? "after" : "?");
    return rc < 0 ? rc : 7;
}

static int awaits_who_sleeps(void *arg)
{
    struct story *story = arg;
    leash_task_t self = leash_current_task();
    leash_task_t task = leash_create_task_eager_named(leash_coro(sleeps, story), "sleeper");
    story->rc[0] = leash_done(task);
    story->rc[1] = story->tasks[1] == task;
    story->rc[2] = leash_current_task() == self;
    story->rc[3] = strcmp(leash_task_name(task), "sleeper");
    story->rc[4] = (int)leash_all_tasks(NULL, 0);
    say(story, "creator");
    int rc = leash_await(task, NULL);
    story->rc[5] = leash_done(task);
    story->rc[6] = (int)leash_all_tasks(NULL, 0);
    return rc;
}

static void test_a_task_that_waits_in_its_first_step(void **state)
{
    struct story story = {.rc = {5}};
    const int rc[7] = {0, 1, 1, 0, 2, 1, 1};
    (void)state;
    assert_int_equal(run_virtual(awaits_who_sleeps, &story), 7);
    assert_string_equal(story.words, "before creator after");
    assert_memory_equal(story.rc, rc, sizeof rc);
}

static int counts_tasks(void *arg)
{
    ((struct story *)arg)->rc[0] = (int)leash_all_tasks(NULL, 0);
    return 0;
}

static int is_counted(void *arg)
{
    struct story *story = arg;
    leash_task_t task = leash_create_task_eager(leash_coro(counts_tasks, story));
    story->rc[1] = (int)leash_all_tasks(NULL, 0);
    return leash_await(task, NULL);
}

static void test_it_is_one_of_all_tasks_until_it_ends(void **state)
{
    struct story story = {.rc = {5}};
    (void)state;
    assert_int_equal(run_virtual(is_counted, &story), 0);
    assert_int_equal(story.rc[0], 2);
    assert_int_equal(story.rc[1], 1);
}

static int cancels_who_waits(void *arg)
{
    struct story *story = arg;
    leash_task_t task = leash_create_task_eager(leash_coro(sleeps, story));
    story->rc[0] = leash_cancel(task, "cancellation message");
    story->rc[1] = leash_cancelling(task);
    int rc = leash_await(task, NULL);
    say(story, leash_cancel_message(task));
    return rc;
}

static void test_cancelled_after_its_first_step(void **state)
{
    struct story story = {.rc = {5}};
    (void)state;
    assert_int_equal(run_virtual(cancels_who_waits, &story), -ECANCELED);
    assert_string_equal(story.words, "before after cancellation message");
    assert_int_equal(story.rc[0], 1);
    assert_int_equal(story.rc[1], 1);
}

static int changes_local(void *arg)
{
    struct story *story = arg;
    story->rc[0] = leash_local_get(&story->local) == &story->rc[1];
    leash_local_set(&story->local, &story->rc[2]);
    leash_sleep(0.1);
    story->rc[1] = leash_local_get(&story->local) == &story->rc[2];
    return leash_local_set(&story->local, &story->rc[3]);
}

static int keeps_local(void *arg)
{
    struct story *story = arg;
    leash_local_set(&story->local, &story->rc[1]);
    leash_task_t task = leash_create_task_eager(leash_coro(changes_local, story));
    story->rc[2] = leash_local_get(&story->local) == &story->rc[1];
    int rc = leash_await(task, NULL);
    story->rc[3] = leash_local_get(&story->local) == &story->rc[1];
    return rc;
}

static void test_locals(void **state)
{
    struct story story = {.local = LEASH_LOCAL_INIT};
    (void)state;
    assert_int_equal(run_virtual(keeps_local, &story), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(story.rc[i], 1);
}

static int fails(void *arg)
{
    (void)arg;
    return leash_fail(-EIO, "at once");
}

static int awaits_who_failed(void *arg)
{
    struct story *story = arg;
    struct leash_failure failure;
    leash_task_t task = leash_create_task_eager(leash_coro(fails, NULL));
    int rc = leash_await(task, NULL);
    if (leash_failure(task, &failure) == 0)
        say(story, failure.message);
    return rc;
}

static void test_a_failure_in_the_first_step(void **state)
{
    struct story story = {.rc = {5}};
    (void)state;
    assert_int_equal(run_virtual(awaits_who_failed, &story), -EIO);
    assert_string_equal(story.words, "at once");
}

static int gives_itself_up(void *arg)
{
    (void)arg;
    return leash_detach(leash_current_task());
}

static int keeps_the_handle(void *arg)
{
    struct story *story = arg;
    leash_task_t task = leash_create_task_eager(leash_coro(gives_itself_up, NULL));
    story->tasks[0] = leash_create_task(leash_coro(ends, story)); /* may be where that one was */
    story->rc[0] = leash_cancelled(task);
    return leash_await(story->tasks[0], NULL);
}

static void test_a_task_that_gives_itself_up(void **state)
{
    struct story story = {.rc = {5}};
    (void)state;
    assert_int_equal(run_virtual(keeps_the_handle, &story), 0);
    assert_int_equal(story.rc[0], -ESTALE);
}

/* ---- order ---- */

static int inner(void *arg)
{
    struct story *story = arg;
    say(story, "in3");
    leash_sleep(0);
    say(story, "out3");
    return 0;
}

static int middle(void *arg)
{
    struct story *story = arg;
    say(story, "in2");
    story->tasks[2] = leash_create_task_eager(leash_coro(inner, story));
    say(story, "mid2");
    leash_sleep(0);
    say(story, "out2");
    return leash_await(story->tasks[2], NULL);
}

static int outer(void *arg)
{
    struct story *story = arg;
    say(story, "in1");
    story->tasks[1] = leash_create_task_eager(leash_coro(middle, story));
    say(story, "mid1");
    leash_sleep(0);
    say(story, "out1");
    return leash_await(story->tasks[1], NULL);
}

/* The same, but nobody waits. */
static int ends_within(void *arg)
{
    struct story *story = arg;
    say(story, "in");
    leash_task_t task = leash_create_task_eager(leash_coro(ends, story));
    say(story, "out");
    return leash_await(task, NULL);
}

static int starts_nested(void *arg)
{
    struct story *story = arg;
    leash_task_t other = leash_create_task(leash_coro(ends, story)); /* ready before all of them: runs after */
    leash_task_t task = leash_create_task_eager(leash_coro(outer, story));
    leash_task_t at_once = leash_create_task_eager(leash_coro(ends_within, story));
    say(story, "main");
    leash_await(other, NULL);
    leash_await(at_once, NULL);
    return leash_await(task, NULL);
}

static void test_nested(void **state)
{
    const char *expected = "in1 in2 in3 mid2 mid1 in body out main body out3 out2 out1";
    struct story story = {.rc = {5}};
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    assert_int_equal(run_virtual(starts_nested, &story), 0);
    assert_string_equal(story.words, expected);
    /* A shuffled queue does not reach what stands in front of it. */
    options.seed = 7;
    story = (struct story){.rc = {5}};
    assert_int_equal(run_options(starts_nested, &story, &options), 0);
    assert_memory_equal(story.words, "in1 in2 in3 mid2 mid1 in body out main", 38);
}

static void from_a_callback(void *arg)
{
    struct story *story = arg;
    say(story, "callback");
    story->tasks[0] = leash_create_task_eager(leash_coro(outer, story));
    story->tasks[3] = leash_create_task_eager(leash_coro(ends_within, story));
    say(story, leash_current_task() ? "?" : "back");
}

static int calls_soon(void *arg)
{
    struct story *story = arg;
    leash_call_soon(from_a_callback, story);
    leash_call_soon(says_loop, story);
    leash_task_t other = leash_create_task(leash_coro(ends, story));
    leash_sleep(1);
    leash_await(other, NULL);
    leash_await(story->tasks[3], NULL);
    return leash_await(story->tasks[0], NULL);
}

static void test_from_a_callback(void **state)
{
    struct story story = {.rc = {5}};
    (void)state;
    assert_int_equal(run_virtual(calls_soon, &story), 0);
    assert_string_equal(story.words, "callback in1 in2 in3 mid2 mid1 in body out back loop body out3 out2 out1");
}

static void drops(void *arg)
{
    struct story *story = arg;
    say(story, "drop");
    story->tasks[0] = leash_create_task_eager(leash_coro(ends, story));
    say(story, "dropped");
}

static int drops_a_coroutine(void *arg)
{
    struct story *story = arg;
    leash_close(leash_coro_own(ends, story, drops));
    say(story, "main");
    return leash_await(story->tasks[0], NULL);
}

static void test_a_function_that_drops_starts_nothing(void **state)
{
    struct story story = {.rc = {5}};
    (void)state;
    assert_int_equal(run_virtual(drops_a_coroutine, &story), 0);
    assert_string_equal(story.words, "drop dropped main body");
}

static int yields_eager(void *arg)
{
    struct story *story = arg;
    story->tasks[0] = leash_create_task_eager(leash_coro(outer, story));
    say(story, "creator");
    int rc = leash_await(story->tasks[0], NULL);
    return rc;
}

static int runs_eager_in_eager_inline(void *arg)
{
    return leash_await(leash_coro(yields_eager, arg), NULL);
}

static void test_from_an_inline_body(void **state)
{
    struct story story = {.rc = {5}};
    (void)state;
    assert_int_equal(run_virtual(runs_eager_in_eager_inline, &story), 0);
    assert_string_equal(story.words, "in1 in2 in3 mid2 mid1 creator out3 out2 out1");
}

/* ---- the creator does not wait ---- */

static int cancels_its_creator(void *arg)
{
    struct story *story = arg;
    story->rc[0] = leash_cancel(story->tasks[0], NULL);
    return 0;
}

static int is_cancelled_meanwhile(void *arg)
{
    struct story *story = arg;
    story->tasks[0] = leash_current_task();
    leash_task_t first = leash_create_task(leash_coro(ends, story));
    story->rc[1] = leash_await(first, NULL);
    leash_task_t task = leash_create_task_eager(leash_coro(cancels_its_creator, story));
    story->rc[2] = leash_cancelled(first);  /* readable: this task has not suspended */
    story->rc[3] = leash_await(task, NULL); /* does not yield: nothing is delivered yet */
    story->rc[4] = leash_sleep(0);
    return story->rc[4];
}

static int awaits_the_cancelled(void *arg)
{
    return leash_await(leash_create_task(leash_coro(is_cancelled_meanwhile, arg)), NULL);
}

static void test_the_creator_only_stands_aside(void **state)
{
    struct story story = {.rc = {5}};
    const int rc[5] = {1, 0, 0, 0, -ECANCELED};
    (void)state;
    assert_int_equal(run_virtual(awaits_the_cancelled, &story), -ECANCELED);
    assert_memory_equal(story.rc, rc, sizeof rc);
}

static int awaits_its_creator(void *arg)
{
    struct story *story = arg;
    return leash_await(story->tasks[0], NULL);
}

static int is_awaited(void *arg)
{
    struct story *story = arg;
    story->tasks[0] = leash_current_task();
    story->tasks[1] = leash_create_task_eager(leash_coro(awaits_its_creator, story));
    return 9;
}

static int awaits_both(void *arg)
{
    struct story *story = arg;
    leash_task_t creator = leash_create_task(leash_coro(is_awaited, story));
    leash_ref(creator);
    story->rc[0] = leash_await(creator, NULL);
    int rc = leash_await(story->tasks[1], NULL);
    leash_unref(creator);
    return rc;
}

static void test_it_may_await_its_creator(void **state)
{
    struct story story = {.rc = {5}};
    (void)state;
    assert_int_equal(run_virtual(awaits_both, &story), 9);
    assert_int_equal(story.rc[0], 9);
}

/* ---- what the trace, the dump, exit() and the guards see ---- */

static int dumps(void *arg)
{
    struct story *story = arg;
    char *text = NULL, *at;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    leash_dump(to);
    fclose(to);
    for (at = text; (at = strstr(at, "  running  ")); at++)
        story->rc[0]++;
    free(text);
    return 0;
}

static int traced(void *arg)
{
    leash_task_t task = leash_create_task_eager(leash_coro(dumps, arg));
    return leash_await(task, NULL);
}

static int dumps_later(void *arg)
{
    struct story *story = arg;
    leash_task_t task = leash_create_task_eager(leash_coro(ends, story));
    leash_await(task, NULL);
    return leash_await(leash_create_task(leash_coro(dumps, story)), NULL);
}

static void test_steps_in_order_and_dump(void **state)
{
    static const unsigned kinds[] = {LEASH_EV_RESUME,     LEASH_EV_TASK, LEASH_EV_SUSPEND, LEASH_EV_START,
                                     LEASH_EV_RESUME,     LEASH_EV_DONE, LEASH_EV_SUSPEND, LEASH_EV_RESUME,
                                     LEASH_EV_AWAIT_TASK, LEASH_EV_DONE};
    struct story story = {.rc = {0}};
    size_t next = 0;
    (void)state;
    sink_on(true);
    assert_int_equal(run_virtual(traced, &story), 0);
    assert_int_equal(story.rc[0], 2); /* the creator is in the middle of a step */
    for (size_t i = 0; i < sink_count() && next < sizeof kinds / sizeof *kinds; i++)
        next += sink_event(i)->kind == kinds[next];
    assert_int_equal(next, sizeof kinds / sizeof *kinds);
    /* The creator's step ends before the other's begins, and goes on after it. */
    assert_int_equal(sink_find(LEASH_EV_SUSPEND, 0)->a, sink_find(LEASH_EV_TASK, 0)->a);
    assert_int_equal(sink_find(LEASH_EV_RESUME, 1)->a, sink_find(LEASH_EV_TASK, 1)->a);
    assert_int_equal(sink_find(LEASH_EV_SUSPEND, 1)->a, sink_find(LEASH_EV_TASK, 1)->a);
    assert_int_equal(sink_find(LEASH_EV_RESUME, 2)->a, sink_find(LEASH_EV_TASK, 0)->a);
    assert_int_equal(sink_count_of(LEASH_EV_RESUME), 3);
    assert_int_equal(sink_count_of(LEASH_EV_SUSPEND), 3);
    sink_off();
    story.rc[0] = 0;
    assert_int_equal(run_virtual(dumps_later, &story), 0);
    assert_int_equal(story.rc[0], 1); /* and no longer when it waits */
}

struct end {
    char said[1024];
    int status;
};

/* After the runtime's own end of the process, which it was registered before. */
static bool is_child;
static void tell_what_was_judged(void)
{
    if (is_child)
        fprintf(stderr, "judged %zu, scans %zu\n", sink_count_of(LEASH_EV_JUDGED), sink_count_of(LEASH_EV_SCAN));
}

/* Runs fn as a main task in a child whose handlers are the default ones. */
static struct end in_child(leash_fn_t fn, bool canaries)
{
    struct end end = {.status = -1};
    int ends[2];
    if (pipe(ends) < 0)
        return end;
    pid_t child = fork();
    if (child == 0) {
        struct rlimit no_core = {0, 0};
        struct leash_options options = LEASH_OPTIONS_INIT;
        setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGSEGV, SIG_DFL); /* cmocka has taken them */
        signal(SIGBUS, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        if (canaries)
            leash__guard_force(LEASH__GUARD_CANARY, 0);
        leash_after_fork();
        options.scan = 1;
        is_child = true;
        sink_on(false);
        _exit(run_options(fn, NULL, &options) == 0 ? 0 : 99);
    }
    close(ends[1]);
    size_t length = 0;
    for (ssize_t n; (n = read(ends[0], end.said + length, sizeof(end.said) - 1 - length)) > 0;)
        length += (size_t)n;
    close(ends[0]);
    waitpid(child, &end.status, 0);
    return end;
}

static int exits(void *arg)
{
    (void)arg;
    exit(3);
}

static int starts_who_exits(void *arg)
{
    return leash_await(leash_create_task_eager(leash_coro(exits, arg)), NULL);
}

static int forgets_who_starts(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(starts_who_exits, arg));
    return task ? leash_sleep(1) : -ENOMEM;
}

static void test_exit_inside(void **state)
{
    (void)state;
    struct end end = in_child(forgets_who_starts, false);
    assert_true(WIFEXITED(end.status));
    assert_int_equal(WEXITSTATUS(end.status), 3);
    assert_string_equal(end.said,
                        "judged 0, scans 0\n"); /* who is in the middle of a step is neither pending nor lost */
}

/* As a function would that needs 40 bytes more than there are. */
static int overruns(void *arg)
{
    const char *low, *high;
    leash__context_bounds(leash__context_running, &low, &high);
    memset((char *)(uintptr_t)low - 40, 'x', 8);
    return arg ? 0 : leash_sleep(0);
}

static int starts_who_overruns(void *arg)
{
    return leash_await(leash_create_task_eager(leash_coro(overruns, arg)), NULL);
}

static int overruns_and_starts(void *arg)
{
    struct story story = {.rc = {5}};
    (void)arg;
    overruns(&story);
    return leash_await(leash_create_task_eager(leash_coro(ends, &story)), NULL);
}

static int starts_harmless(void *arg)
{
    struct story story = {.rc = {5}};
    (void)arg;
    return starts_nested(&story);
}

static void call_overruns(void *arg)
{
    leash_detach(leash_create_task_eager(leash_coro(overruns, arg)));
}

static int calls_who_overruns(void *arg)
{
    leash_call_soon(call_overruns, arg);
    return leash_sleep(1);
}

static void test_canaries(void **state)
{
    static const leash_fn_t bad[] = {starts_who_overruns, overruns_and_starts, calls_who_overruns};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct end end = in_child(bad[i], true);
        assert_true(WIFSIGNALED(end.status));
        assert_int_equal(WTERMSIG(end.status), SIGABRT);
        assert_non_null(strstr(end.said, "leash: stack overflow in task #"));
    }
    struct end end = in_child(starts_harmless, true);
    assert_true(WIFEXITED(end.status));
    assert_int_equal(WEXITSTATUS(end.status), 0);
}

static void test_misuse(void **state)
{
    (void)state;
    leash_coro_t coro = leash_coro(fails, NULL);
    assert_null(leash_create_task_eager(coro));
    assert_int_equal(errno, EPERM);
    assert_non_null(strstr(leash_last_error(), "leash_create_task_eager"));
    assert_int_equal(leash_close(coro), 0);
}

int main(void)
{
    atexit(tell_what_was_judged);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_task_that_ends_in_its_first_step),
        cmocka_unit_test(test_a_future_set_in_the_first_step),
        cmocka_unit_test(test_a_task_that_waits_in_its_first_step),
        cmocka_unit_test(test_it_is_one_of_all_tasks_until_it_ends),
        cmocka_unit_test(test_cancelled_after_its_first_step),
        cmocka_unit_test(test_locals),
        cmocka_unit_test(test_a_failure_in_the_first_step),
        cmocka_unit_test(test_a_task_that_gives_itself_up),
        cmocka_unit_test(test_nested),
        cmocka_unit_test(test_from_a_callback),
        cmocka_unit_test(test_a_function_that_drops_starts_nothing),
        cmocka_unit_test(test_from_an_inline_body),
        cmocka_unit_test(test_the_creator_only_stands_aside),
        cmocka_unit_test(test_it_may_await_its_creator),
        cmocka_unit_test(test_steps_in_order_and_dump),
        cmocka_unit_test(test_exit_inside),
        cmocka_unit_test(test_canaries),
        cmocka_unit_test(test_misuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
