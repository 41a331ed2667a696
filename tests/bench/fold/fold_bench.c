/* What the writer and the file pay for an event: fold_bench [TASKS [FILE]]. Folds spools made beforehand into FILE
 * (default: /tmp/fold_bench.db, removed afterwards); CPU time of this process. */
#include "spool_maker.h"

#include <fold.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SITE_CORO = 1, SITE_TASK, SITE_AWAIT, SLOTS = (LEASH_SEGMENT_SIZE - 56) / LEASH_SLOT_SIZE };

static uint64_t now;

static double cpu_ns(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e9 + (double)at.tv_nsec;
}

static void check(int64_t rc, const char *what)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "fold_bench: %s: error %lld\n", what, (long long)-rc);
    exit(1);
}

/* ---- workloads: events of task `id` in one phase; how many ---- */

typedef unsigned long phase(struct spool_maker *maker, unsigned long id);

static unsigned long make(struct spool_maker *maker, unsigned long id)
{
    spool_put(maker, 1, LEASH_EV_CORO, SITE_CORO, id, 1, 0x7ffd12345678);
    spool_put(maker, 1, LEASH_EV_TASK, SITE_TASK, id, id, 1);
    return 2;
}

static unsigned long spawn_and_await(struct spool_maker *maker, unsigned long id)
{
    make(maker, id);
    spool_at(maker, 1, now += 60, LEASH_EV_AWAIT_TASK, SITE_AWAIT, 1, id);
    spool_put(maker, 1, LEASH_EV_START, 0, id, 1, 0);
    spool_at(maker, 1, now += 60, LEASH_EV_DONE, 0, id, 0);
    return 5;
}

static unsigned long run_inline(struct spool_maker *maker, unsigned long id)
{
    spool_put(maker, 1, LEASH_EV_CORO, SITE_CORO, id, 1, 0x7ffd12345678);
    spool_at(maker, 1, now += 30, LEASH_EV_AWAIT_CORO, SITE_AWAIT, 1, id);
    spool_at(maker, 1, now += 30, LEASH_EV_RETURN, 0, id, 0);
    return 3;
}

static unsigned long begin_sleep(struct spool_maker *maker, unsigned long id)
{
    spool_put(maker, 1, LEASH_EV_START, 0, id, 1, 0);
    spool_at(maker, 1, now += 60, LEASH_EV_AWAIT_SLEEP, SITE_AWAIT, id, 1000);
    return 2;
}

static unsigned long end_sleep(struct spool_maker *maker, unsigned long id)
{
    spool_at(maker, 1, now += 60, LEASH_EV_WAKE, 0, id, 0);
    spool_at(maker, 1, now += 60, LEASH_EV_DONE, 0, id, 0);
    return 2;
}

static unsigned long leak(struct spool_maker *maker, unsigned long id)
{
    spool_put(maker, 1, LEASH_EV_JUDGED, 0, id, LEASH_SUBJECT_TASK, LEASH_FACT_PENDING | LEASH_FACT_UNSETTLED);
    return 1;
}

static const struct workload {
    const char *name;
    phase *phases[4]; /* each for all tasks, one after the other */
} workloads[] = {
    {"spawn and await", {spawn_and_await}},
    {"inline await", {run_inline}},
    {"all live at once", {make, begin_sleep, end_sleep}},
    {"all leaked", {make, begin_sleep, leak}},
};

static void run(const struct workload *workload, unsigned long tasks, const char *path)
{
    struct spool_maker *maker = spool_maker_new((uint32_t)(tasks * 6 / SLOTS + 2), SLOTS);
    unsigned long events = 1;
    spool_put(maker, 1, LEASH_EV_TASK, SITE_TASK, 1, 0, 0);
    for (phase *const *tell = workload->phases; *tell; tell++)
        for (unsigned long id = 2; id < tasks + 2; id++)
            events += (*tell)(maker, id);
    sqlite3 *db;
    struct leash_fold *fold;
    unlink(path);
    check(-sqlite3_open(path, &db), path);
    check(leash_trace_create(db), "leash_trace_create");
    check(leash_fold_new(db, &fold), "leash_fold_new");
    const double begin = cpu_ns();
    for (int64_t taken = 1; taken != 0;)
        check(taken = leash_fold_batch(fold, maker->map, maker->size, true, NULL, 0), leash_fold_error(fold));
    sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    const double folded = cpu_ns();
    struct stat rows, all;
    stat(path, &rows);
    check(leash_fold_finish(fold, &(struct leash_fold_ending){.end_kind = "complete"}), leash_fold_error(fold));
    leash_fold_free(fold);
    sqlite3_close(db);
    const double end = cpu_ns();
    stat(path, &all);
    printf("%-18s %9lu events   fold %4.0f ns   end %4.0f ns   %4.1f bytes, %4.1f with indexes   (an event)\n",
           workload->name, events, (folded - begin) / (double)events, (end - folded) / (double)events,
           (double)rows.st_size / (double)events, (double)all.st_size / (double)events);
    spool_maker_free(maker);
    unlink(path);
}

int main(int argc, char **argv)
{
    const unsigned long tasks = argc > 1 ? strtoul(argv[1], NULL, 10) : 200000;
    for (size_t i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++)
        run(&workloads[i], tasks, argc > 2 ? argv[2] : "/tmp/fold_bench.db");
    return 0;
}
