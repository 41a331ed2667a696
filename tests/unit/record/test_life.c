/* The life of a trace: programs that record, each a process of its own, and what they leave. */
#include "test.h"

#include "recorded.h"

#include <dirent.h>
#include <pthread.h>
#include <replay.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <trace.h>
#include <unistd.h>

#define MANY  200000 /* events of a thread: several segments */
#define FORKS 8

static struct recorded_counts *counts; /* shared with the programs */

struct plan {
    struct leash_options options;
    unsigned threads; /* 0 to threads - 1 */
    unsigned rounds;  /* loops of each */
    unsigned events;  /* of each round */
};

static struct plan plan_of(const char *path)
{
    return (struct plan){.options = recorded_options(path), .threads = 1, .rounds = 1, .events = 100};
}

static void produce(const struct plan *plan, unsigned thread)
{
    struct leash__events events;
    for (unsigned round = 0; round < plan->rounds; round++) {
        leash__record_thread(&events, &plan->options);
        for (unsigned i = 0; i < plan->events; i++)
            recorded_event(&events, counts, thread);
        leash__record_thread_end(&events);
    }
}

struct producer {
    const struct plan *plan;
    unsigned thread;
};

static void *producer_main(void *argument)
{
    struct producer *producer = argument;
    produce(producer->plan, producer->thread);
    return NULL;
}

static void program(void *argument)
{
    const struct plan *plan = argument;
    struct producer producers[8];
    pthread_t threads[8];
    if (plan->threads == 1) {
        produce(plan, 0);
        return;
    }
    for (unsigned i = 0; i < plan->threads; i++) {
        producers[i] = (struct producer){plan, i};
        pthread_create(&threads[i], NULL, producer_main, &producers[i]);
    }
    for (unsigned i = 0; i < plan->threads; i++)
        pthread_join(threads[i], NULL);
}

/* ---- what must hold of every trace that was ended ---- */

static void assert_ended(const char *path, const char *end_kind)
{
    char name[256];
    snprintf(name, sizeof name, "%s-spool", path);
    assert_false(recorded_exists(name));
    snprintf(name, sizeof name, "%s-wal", path);
    assert_false(recorded_exists(name));
    assert_string_equal(recorded_text(path, "PRAGMA integrity_check"), "ok");
    assert_string_equal(recorded_text(path, "SELECT end_kind FROM run"), end_kind);
}

static void assert_all_there(const char *path, unsigned threads)
{
    for (unsigned i = 0; i < threads; i++)
        assert_int_equal(recorded_check(path, counts, i), 0);
    assert_int_equal(recorded_number(path, "SELECT dropped FROM run"), 0);
}

static int files(const char *beginning)
{
    DIR *folder = opendir(".");
    int found = 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        found += strncmp(entry->d_name, beginning, strlen(beginning)) == 0;
    closedir(folder);
    return found;
}

static int fresh_counts(void **state)
{
    (void)state;
    memset(counts, 0, sizeof *counts);
    return 0;
}

/* ---- ordinary lives ---- */

static void test_complete(void **state)
{
    (void)state;
    struct plan plan = plan_of("complete.db");
    struct stat status;
    plan.options.seed = 12;
    plan.options.virtual_time = 1;
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_string_equal(recorded_stderr(), "");
    assert_ended("complete.db", "complete");
    assert_all_there("complete.db", 1);
    assert_int_equal(stat("complete.db", &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(files("complete.db"), 1);
    assert_int_equal(recorded_number("complete.db", "SELECT ppid FROM run"), getpid());
    assert_int_equal(recorded_number("complete.db", "SELECT seed FROM run"), 12);
    assert_int_equal(recorded_number("complete.db", "SELECT virtual_time FROM run"), 1);
    assert_string_equal(recorded_text("complete.db", "SELECT level FROM run"), "lifecycle");
    assert_non_null(strstr(recorded_text("complete.db", "SELECT argv FROM run"), "test_record_life"));
    assert_non_null(strstr(recorded_text("complete.db", "SELECT executable FROM run"), "/test_record_life"));
    assert_non_null(strstr(recorded_text("complete.db", "SELECT cwd FROM run"), "/leash-recorded-"));
    assert_non_null(strstr(recorded_text("complete.db", "SELECT options FROM run"), ":seed=12:"));
    assert_true(recorded_number("complete.db", "SELECT ended_unix_ns >= began_unix_ns FROM run") == 1);
    assert_int_equal(recorded_number("complete.db", "SELECT count(*) FROM thread WHERE tid > 0 AND name <> ''"), 1);
    assert_int_equal(
        recorded_number("complete.db", "SELECT count(*) FROM site WHERE expr = '\"numbered\"' OR expr = 'numbered'"),
        1);
    assert_non_null(strstr(recorded_text("complete.db", "SELECT file FROM site"), "recorded.c"));
}

static void test_no_trace_asked_for(void **state)
{
    (void)state;
    struct plan plan = plan_of(NULL);
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_string_equal(recorded_stderr(), "");
}

static void test_threads(void **state)
{
    (void)state;
    struct plan plan = plan_of("threads.db");
    plan.threads = 4;
    plan.events = MANY;
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_ended("threads.db", "complete");
    assert_all_there("threads.db", 4);
    assert_int_equal(recorded_number("threads.db", "SELECT count(*) FROM thread"), 4);
}

/* Each loop goes on in its thread's segment: no thousand segments. */
static void test_many_loops_of_a_thread(void **state)
{
    (void)state;
    struct plan plan = plan_of("loops.db");
    plan.rounds = 1000;
    plan.events = 10;
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_ended("loops.db", "complete");
    assert_all_there("loops.db", 1);
    assert_int_equal(recorded_number("loops.db", "SELECT count(*) FROM thread"), 1);
}

static void come_and_go(void *argument)
{
    for (int i = 0; i < 50; i++) {
        struct producer producer = {argument, 0};
        pthread_t thread;
        pthread_create(&thread, NULL, producer_main, &producer);
        pthread_join(thread, NULL);
    }
}

/* A thread that ends gives its segment back: fifty do with two. */
static void test_threads_come_and_go(void **state)
{
    (void)state;
    struct plan plan = plan_of("come.db");
    plan.options.spool_size = 1;
    assert_int_equal(recorded_run(come_and_go, &plan), 0);
    assert_ended("come.db", "complete");
    assert_all_there("come.db", 1);
    assert_int_equal(recorded_number("come.db", "SELECT count(*) FROM thread"), 50);
}

/* As the core does where a loop runs at exit. */
static void say_exit(int code, void *argument)
{
    (void)argument;
    leash__record_exit(code);
}

static void exit_in_a_loop(void *argument)
{
    const struct plan *plan = argument;
    struct leash__events events;
    on_exit(say_exit, NULL);
    leash__record_thread(&events, &plan->options);
    for (int i = 0; i < 1000; i++)
        recorded_event(&events, counts, 0);
    exit(3);
}

static void test_exit_in_a_loop(void **state)
{
    (void)state;
    struct plan plan = plan_of("exit.db");
    assert_int_equal(recorded_run(exit_in_a_loop, &plan), 3);
    assert_ended("exit.db", "exited");
    assert_all_there("exit.db", 1);
    assert_int_equal(recorded_number("exit.db", "SELECT exit_code FROM run"), 3);
}

static void *record_for_ever(void *argument)
{
    const struct plan *plan = argument;
    struct leash__events events;
    leash__record_thread(&events, &plan->options);
    for (;;)
        recorded_event(&events, counts, 1);
    return NULL;
}

static void exit_beside_a_loop(void *argument)
{
    pthread_t thread;
    pthread_create(&thread, NULL, record_for_ever, argument);
    while (recorded_counts_sum(counts) < MANY)
        sched_yield();
    on_exit(say_exit, NULL);
}

/* exit() does not stop other threads: they must not fault when the spool is gone. */
static void test_exit_beside_a_loop(void **state)
{
    (void)state;
    struct plan plan = plan_of("beside.db");
    assert_int_equal(recorded_run(exit_beside_a_loop, &plan), 0);
    assert_ended("beside.db", "exited");
    assert_true(recorded_number("beside.db", "SELECT count(*) FROM claim") > MANY / 2);
}

static void *record_and_wait(void *argument)
{
    const struct plan *plan = argument;
    struct leash__events events;
    leash__record_thread(&events, &plan->options);
    for (unsigned i = 0; i < plan->events; i++)
        recorded_event(&events, counts, 0);
    pause();
    return NULL;
}

static void end_beside_an_idle_thread(void *argument)
{
    const struct plan *plan = argument;
    pthread_t thread;
    pthread_create(&thread, NULL, record_and_wait, argument);
    while (recorded_counts_sum(counts) < plan->events)
        sched_yield();
}

/* A thread without a loop that was still there does not make an exit of it. */
static void test_end_beside_an_idle_thread(void **state)
{
    (void)state;
    struct plan plan = plan_of("idle.db");
    assert_int_equal(recorded_run(end_beside_an_idle_thread, &plan), 0);
    assert_ended("idle.db", "complete");
    assert_all_there("idle.db", 1);
}

static void wrap_generations(void *argument)
{
    struct plan *plan = argument;
    unsigned events = plan->events;
    plan->events = 1;
    program(plan);
    leash__spool_header(&leash__process.trace->spool)->generation = LEASH_GENERATION_MAX - 3;
    plan->events = events - 1;
    program(plan);
}

static void test_generations_wrap(void **state)
{
    (void)state;
    struct plan plan = plan_of("wrap.db");
    plan.options.spool_size = 4 << 20;
    plan.events = 2 * MANY;
    assert_int_equal(recorded_run(wrap_generations, &plan), 0);
    assert_ended("wrap.db", "complete");
    assert_all_there("wrap.db", 1);
}

/* ---- which file ---- */

static void test_pid_in_the_path(void **state)
{
    (void)state;
    struct plan plan = plan_of("pid-%p.db");
    char path[64];
    pid_t child = recorded_start(program, &plan);
    assert_int_equal(recorded_wait(child), 0);
    snprintf(path, sizeof path, "pid-%d.db", child);
    assert_ended(path, "complete");
    assert_int_equal(recorded_number(path, "SELECT pid FROM run"), child);
}

static void test_finished_trace_is_replaced(void **state)
{
    (void)state;
    struct plan plan = plan_of("twice.db");
    assert_int_equal(recorded_run(program, &plan), 0);
    memset(counts, 0, sizeof *counts);
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_string_equal(recorded_stderr(), "");
    assert_ended("twice.db", "complete");
    assert_all_there("twice.db", 1);
    assert_int_equal(files("twice.db"), 1);
}

static void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");
    fputs(text, out);
    fclose(out);
}

static void test_other_files_are_left_alone(void **state)
{
    (void)state;
    struct plan plan = plan_of("letter.txt");
    char text[64] = "";
    write_file("letter.txt", "Dear Sir");
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_non_null(strstr(recorded_stderr(), "letter.txt: a file that is no trace is there"));
    FILE *in = fopen("letter.txt", "r");
    assert_non_null(fgets(text, sizeof text, in));
    fclose(in);
    assert_string_equal(text, "Dear Sir");
    assert_int_equal(files("letter.txt"), 1);
}

static void test_links_are_not_followed(void **state)
{
    (void)state;
    struct plan plan = plan_of("link.db");
    assert_int_equal(symlink("target.db", "link.db"), 0);
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_non_null(strstr(recorded_stderr(), "symbolic link"));
    assert_false(recorded_exists("target.db"));
    assert_int_equal(files("link.db"), 1);
}

static void test_no_such_folder(void **state)
{
    (void)state;
    struct plan plan = plan_of("none/t.db");
    plan.rounds = 3;
    assert_int_equal(recorded_run(program, &plan), 0);
    const char *first = strstr(recorded_stderr(), "none/t.db: its folder does not exist");
    assert_non_null(first);
    assert_null(strstr(first + 1, "none/t.db")); /* one message, not one a loop */
}

static void wait_to_be_killed(void *argument)
{
    const struct plan *plan = argument;
    struct leash__events events;
    leash__record_thread(&events, &plan->options);
    for (unsigned i = 0; i < plan->events; i++)
        recorded_event(&events, counts, 0);
    for (;;)
        pause();
}

/* Starts it and waits until it has recorded its events. */
static pid_t start_waiting(struct plan *plan)
{
    pid_t child = recorded_start(wait_to_be_killed, plan);
    while (recorded_counts_sum(counts) < plan->events)
        sched_yield();
    return child;
}

static int killed(pid_t child)
{
    kill(child, SIGKILL);
    return recorded_wait(child);
}

static void test_two_live_processes(void **state)
{
    (void)state;
    struct plan plan = plan_of("both.db"), second = plan_of("both.db");
    char path[64], said[128];
    pid_t first = start_waiting(&plan);
    memset(counts, 0, sizeof *counts);
    assert_int_equal(recorded_run(program, &second), 0);
    snprintf(said, sizeof said, "both.db: process %d records to it: this one (", first);
    const char *message = strstr(recorded_stderr(), said);
    assert_non_null(message);
    snprintf(path, sizeof path, "both.db.%d", atoi(message + strlen(said)));
    assert_ended(path, "complete");
    assert_all_there(path, 1);
    assert_int_equal(killed(first), 128 + SIGKILL);
}

static void test_killed_trace_is_kept(void **state)
{
    (void)state;
    struct plan plan = plan_of("killed.db"), second = plan_of("killed.db");
    struct leash_replay replay;
    assert_int_equal(killed(start_waiting(&plan)), 128 + SIGKILL);
    assert_true(recorded_exists("killed.db-spool"));
    struct recorded_counts first = *counts;
    memset(counts, 0, sizeof *counts);
    assert_int_equal(recorded_run(program, &second), 0);
    assert_non_null(strstr(recorded_stderr(), "killed.db: holds a trace of a process that was killed"));
    assert_int_equal(files("killed.db."), 1);
    assert_int_equal(leash_replay("killed.db", NULL, NULL, &replay), 0);
    assert_int_equal(replay.what, LEASH_REPLAY_DONE);
    assert_true(replay.crashed);
    leash_replay_release(&replay);
    *counts = first;
    assert_ended("killed.db", "crashed");
    assert_all_there("killed.db", 1);
}

/* ---- fork and exec ---- */

/* In the child everything is off, whatever the loop it sits in still does. */
static void fork_in_a_loop(void *argument)
{
    const struct plan *plan = argument;
    struct leash__events events, other;
    leash__record_thread(&events, &plan->options);
    for (unsigned i = 0; i < plan->events; i++) {
        recorded_event(&events, counts, 0);
        if (i == plan->events / 2) {
            pid_t child = fork();
            if (child == 0) {
                struct recorded_counts mine = {0};
                bool off = !events.at && !events.steps && !events.stacks;
                recorded_event(&events, &mine, 0);
                leash__record_thread_end(&events);
                leash__record_thread(&other, &plan->options);
                exit(off && !other.at ? 0 : 1);
            }
            if (recorded_wait(child) != 0)
                _exit(9);
        }
    }
    leash__record_thread_end(&events);
}

static void test_forked_child_records_nothing(void **state)
{
    (void)state;
    struct plan plan = plan_of("fork.db");
    plan.events = MANY;
    assert_int_equal(recorded_run(fork_in_a_loop, &plan), 0);
    assert_ended("fork.db", "complete");
    assert_all_there("fork.db", 1);
    assert_int_equal(files("fork.db"), 1);
}

#ifndef RECORDED_NO_THREADS_AFTER_FORK
/* The child's numbered events are those of "thread" 1; it, and its own child, use sites that the parent has defined. */
static void fork_and_record(void *argument)
{
    const struct plan *plan = argument;
    produce(plan, 0);
    for (unsigned generation = 1; generation < 3; generation++) {
        pid_t child = fork();
        if (child != 0)
            exit(recorded_wait(child));
        if (leash__record_after_fork() != 0)
            _exit(9);
        produce(plan, generation);
    }
}

static void test_after_fork(void **state)
{
    (void)state;
    struct plan plan = plan_of("after.db");
    plan.events = MANY;
    assert_int_equal(recorded_run(fork_and_record, &plan), 0);
    assert_ended("after.db", "complete");
    assert_all_there("after.db", 1);
    assert_int_equal(files("after.db"), 3);
    DIR *folder = opendir(".");
    unsigned checked = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (strncmp(entry->d_name, "after.db.", 9) != 0)
            continue;
        assert_ended(entry->d_name, "complete");
        assert_int_equal(recorded_number(entry->d_name, "SELECT pid FROM run"), atoi(entry->d_name + 9));
        unsigned generation = (unsigned)(recorded_number(entry->d_name, "SELECT min(id) >> 32 FROM future") - 1);
        assert_int_equal(recorded_check(entry->d_name, counts, generation), 0);
        assert_int_equal(
            recorded_number(entry->d_name, "SELECT count(*) FROM future f JOIN site s ON s.id = f.site_id"),
            (plan.events + 15) / 16);
        checked += generation;
    }
    closedir(folder);
    assert_int_equal(checked, 1 + 2);
}

/* Other threads record, and the writer writes, while this one forks: the child finds no lock held. */
static void fork_beside_loops(void *argument)
{
    struct plan *plan = argument, mine = *plan;
    pthread_t thread;
    mine.options.trace = "race.db";
    mine.events = 100;
    pthread_create(&thread, NULL, record_for_ever, plan);
    while (recorded_counts_sum(counts) < 1000)
        sched_yield();
    for (int i = 0; i < FORKS; i++) {
        pid_t child = fork();
        if (child == 0) {
            leash__record_after_fork();
            produce(&mine, 2);
            exit(0);
        }
        if (recorded_wait(child) != 0)
            _exit(9);
    }
}

static void test_fork_beside_loops(void **state)
{
    (void)state;
    struct plan plan = plan_of("race.db");
    plan.options.spool_size = 4 << 20;
    assert_int_equal(recorded_run(fork_beside_loops, &plan), 0);
    assert_ended("race.db", "complete");
    assert_int_equal(files("race.db."), FORKS);
    assert_int_equal(files("race.db"), FORKS + 1);
}

#endif

static void record_and_exec(void *argument)
{
    const struct plan *plan = argument;
    struct leash__events events;
    leash__record_thread(&events, &plan->options);
    for (unsigned i = 0; i < plan->events; i++)
        recorded_event(&events, counts, 0);
    execl("/bin/true", "true", (char *)NULL);
}

/* What exec replaces gets no end: its trace reads as one that crashed there, with all that was recorded. */
static void test_exec(void **state)
{
    (void)state;
    struct plan plan = plan_of("exec.db");
    struct leash_replay replay;
    assert_int_equal(recorded_run(record_and_exec, &plan), 0);
    assert_int_equal(leash_replay("exec.db", NULL, NULL, &replay), 0);
    assert_int_equal(replay.what, LEASH_REPLAY_DONE);
    leash_replay_release(&replay);
    assert_ended("exec.db", "crashed");
    assert_all_there("exec.db", 1);
}

/* ---- a reader beside ---- */

static void test_a_reader_beside(void **state)
{
    (void)state;
    struct plan plan = plan_of("live.db");
    struct leash_replay replay;
    plan.events = 4 * MANY;
    pid_t child = start_waiting(&plan);
    assert_int_equal(leash_replay("live.db", NULL, NULL, &replay), 0);
    assert_int_equal(replay.what, LEASH_REPLAY_LIVE);
    assert_int_equal(replay.pid, child);
    leash_replay_release(&replay);
    int64_t seen = 0, all = 0;
    while (all < (int64_t)plan.events) { /* all comes to be seen, though the program has not ended */
        seen = recorded_number("live.db", "SELECT (SELECT count(*) FROM claim) + (SELECT count(*) + count(name) + "
                                          "count(nullif(state, 'pending')) FROM future)");
        assert_true(seen >= all);
        all = seen;
    }
    assert_string_equal(recorded_text("live.db", "SELECT end_kind FROM run"), "running");
    assert_int_equal(recorded_check("live.db", counts, 0), 0);
    assert_int_equal(killed(child), 128 + SIGKILL);
}

static int setup(void **state)
{
    (void)state;
    counts = recorded_counts_new();
    recorded_setup();
    return counts ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    recorded_cleanup();
    recorded_counts_free(counts);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_complete, fresh_counts),
        cmocka_unit_test_setup(test_no_trace_asked_for, fresh_counts),
        cmocka_unit_test_setup(test_threads, fresh_counts),
        cmocka_unit_test_setup(test_many_loops_of_a_thread, fresh_counts),
        cmocka_unit_test_setup(test_threads_come_and_go, fresh_counts),
        cmocka_unit_test_setup(test_exit_in_a_loop, fresh_counts),
        cmocka_unit_test_setup(test_end_beside_an_idle_thread, fresh_counts),
        cmocka_unit_test_setup(test_exit_beside_a_loop, fresh_counts),
        cmocka_unit_test_setup(test_generations_wrap, fresh_counts),
        cmocka_unit_test_setup(test_pid_in_the_path, fresh_counts),
        cmocka_unit_test_setup(test_finished_trace_is_replaced, fresh_counts),
        cmocka_unit_test_setup(test_other_files_are_left_alone, fresh_counts),
        cmocka_unit_test_setup(test_links_are_not_followed, fresh_counts),
        cmocka_unit_test_setup(test_no_such_folder, fresh_counts),
        cmocka_unit_test_setup(test_two_live_processes, fresh_counts),
        cmocka_unit_test_setup(test_killed_trace_is_kept, fresh_counts),
        cmocka_unit_test_setup(test_forked_child_records_nothing, fresh_counts),
#ifndef RECORDED_NO_THREADS_AFTER_FORK
        cmocka_unit_test_setup(test_after_fork, fresh_counts),
        cmocka_unit_test_setup(test_fork_beside_loops, fresh_counts),
#endif
        cmocka_unit_test_setup(test_exec, fresh_counts),
        cmocka_unit_test_setup(test_a_reader_beside, fresh_counts),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
