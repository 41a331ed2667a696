/* The workloads on leash: leash_bench WORKLOAD COUNT ROUNDS [STACK_SIZE]. Prints lines "name value"; times are
 * nanoseconds of the loop's thread's CPU for one unit, the median of the rounds but the first. Recording is switched on
 * from outside (LEASH_TRACE, LEASH_OPTIONS), so that the very same program is measured with and without. */
#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS_MAX = 64 };

static size_t count;
static unsigned rounds;
static double wall_ns; /* of all rounds together */

static double clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double cpu_ns(void)
{
    return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median; the first round is warm-up and does not count unless it is the only one. */
static double median(double *values, unsigned n)
{
    if (n > 1) {
        values++;
        n--;
    }
    qsort(values, n, sizeof(*values), by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Runs one round of a workload again and again and prints the time of one of `units`. */
static int measure(const char *name, int (*round)(void), double units)
{
    double times[ROUNDS_MAX];
    double wall = clock_ns(CLOCK_MONOTONIC);
    for (unsigned i = 0; i < rounds; i++) {
        double began = cpu_ns();
        int rc = round();
        if (rc < 0)
            return rc;
        times[i] = (cpu_ns() - began) / units;
    }
    wall_ns += clock_ns(CLOCK_MONOTONIC) - wall;
    printf("%s %.2f\n", name, median(times, rounds));
    return 0;
}

/* ---- W1: a task is made and awaited ---- */

static int nothing(void *unused)
{
    (void)unused;
    return 0;
}

static int spawn_await_round(void)
{
    for (size_t i = 0; i < count; i++) {
        int rc = leash_await(leash_create_task(leash_coro(nothing, NULL)), NULL);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int spawn_await(void *unused)
{
    (void)unused;
    return measure("ns", spawn_await_round, (double)count);
}

/* ---- W2: many live at once, gathered ---- */

static leash_awaitable_t *items;

static int yield_once(void *unused)
{
    (void)unused;
    return leash_sleep(0);
}

static int gather_round(void)
{
    for (size_t i = 0; i < count; i++)
        items[i] = leash_coro(yield_once, NULL);
    return leash_gather_wait_array(items, count, 0, NULL);
}

static int gather(void *unused)
{
    (void)unused;
    items = calloc(count, sizeof(*items));
    if (!items)
        return -ENOMEM;
    int rc = measure("ns", gather_round, (double)count);
    free(items);
    return rc;
}

/* ---- W3: two tasks give way to each other ---- */

static int give_way(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < count; i++) {
        int rc = leash_sleep(0);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int switch_round(void)
{
    return leash_gather_wait(NULL, leash_coro(give_way, NULL), leash_coro(give_way, NULL));
}

static int switching(void *unused)
{
    (void)unused;
    return measure("ns", switch_round, 2 * (double)count);
}

/* ---- a bounded queue: one task puts, another gets ---- */

static leash_queue_t queue;

static int put_all(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < count; i++) {
        int rc = leash_queue_put(&queue, &count);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int get_all(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < count; i++) {
        void *item;
        int rc = leash_queue_get(&queue, &item);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int queue_round(void)
{
    return leash_gather_wait(NULL, leash_coro(put_all, NULL), leash_coro(get_all, NULL));
}

static int queue_of(const char *name, size_t bound)
{
    leash_queue_init(&queue, name, bound);
    int rc = measure(name, queue_round, (double)count);
    return rc < 0 ? rc : leash_queue_destroy(&queue);
}

static int queues(void *unused)
{
    (void)unused;
    int rc = queue_of("queue_1_ns", 1);
    if (rc == 0)
        rc = queue_of("queue_10_ns", 10);
    return rc < 0 ? rc : queue_of("queue_100_ns", 100);
}

/* ---- parked tasks: memory, and the time to make, wake and cancel them ---- */

static leash_future_t never;

static int park(void *unused)
{
    (void)unused;
    return leash_await(never, NULL);
}

static int sleep_long(void *unused)
{
    (void)unused;
    return leash_sleep(3600);
}

/* Resident bytes of this process, page tables included. */
static double resident(void)
{
    double bytes = 0, kib;
    char line[256];
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    while (file && fgets(line, sizeof(line), file))
        if (sscanf(line, "Rss: %lf", &kib) == 1)
            bytes += kib * 1024;
    if (file)
        fclose(file);
    file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof(line), file))
        if (sscanf(line, "VmPTE: %lf", &kib) == 1)
            bytes += kib * 1024;
    if (file)
        fclose(file);
    return bytes;
}

/* Makes all the tasks and lets each run up to its wait. */
static int park_all(const char *name, leash_fn_t body)
{
    double began = cpu_ns();
    for (size_t i = 0; i < count; i++) {
        items[i] = leash_create_task(leash_coro(body, NULL));
        if (!items[i])
            return -ENOMEM;
    }
    int rc = leash_sleep(0);
    printf("%s %.2f\n", name, (cpu_ns() - began) / (double)count);
    return rc;
}

static void await_all(const char *name, double began)
{
    for (size_t i = 0; i < count; i++)
        leash_await(items[i], NULL);
    printf("%s %.2f\n", name, (cpu_ns() - began) / (double)count);
}

/* On one future, then woken all at once. */
static int park_and_wake(const char *create, const char *finish)
{
    never = leash_future();
    int rc = never ? park_all(create, park) : -ENOMEM;
    if (rc < 0)
        return rc;
    if (!strcmp(create, "create_cold_ns"))
        printf("resident %.0f\n", resident());
    double began = cpu_ns();
    leash_future_set_result(never, NULL);
    await_all(finish, began); /* the future is settled too: the tasks got its outcome */
    return 0;
}

/* Asleep, then cancelled one by one: a cancellation passes on to what a task waits for, so they cannot share a future.
 */
static int park_and_cancel(void)
{
    int rc = park_all("create_sleeping_ns", sleep_long);
    if (rc < 0)
        return rc;
    double began = cpu_ns();
    for (size_t i = 0; i < count; i++)
        leash_cancel(items[i], NULL);
    await_all("cancel_ns", began);
    return 0;
}

static int parked(void *unused)
{
    (void)unused;
    items = calloc(count, sizeof(*items));
    if (!items)
        return -ENOMEM;
    memset(items, 1, count * sizeof(*items)); /* touched now: the array is the bench's, not the tasks' */
    printf("resident_before %.0f\n", resident());
    int rc = park_and_wake("create_cold_ns", "finish_cold_ns");
    if (rc == 0)
        rc = park_and_wake("create_ns", "finish_ns");
    if (rc == 0)
        rc = park_and_cancel();
    free(items);
    return rc;
}

static const struct {
    const char *name;
    leash_fn_t run;
} workloads[] = {
    {"spawn_await", spawn_await}, {"gather", gather}, {"switch", switching}, {"queue", queues}, {"parked", parked},
};

static leash_fn_t workload(const char *name)
{
    for (size_t i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++)
        if (!strcmp(name, workloads[i].name))
            return workloads[i].run;
    return NULL;
}

int main(int argc, char **argv)
{
    leash_fn_t run = argc >= 4 ? workload(argv[1]) : NULL;
    count = run ? strtoull(argv[2], NULL, 10) : 0;
    rounds = run ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
    if (!count || !rounds || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: leash_bench spawn_await|gather|switch|queue|parked COUNT ROUNDS [STACK_SIZE]\n");
        return 2;
    }
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.stack_size = argc > 4 ? strtoull(argv[4], NULL, 10) : 0;
    int rc = leash_run_with(leash_coro(run, NULL), &options, NULL);
    if (rc < 0) {
        fprintf(stderr, "leash_bench: %s: %s\n", argv[1], strerror(-rc));
        return 1;
    }
    printf("loop_cpu_ns %.0f\n", cpu_ns());
    printf("loop_wall_ns %.0f\n", wall_ns);
    return 0;
}
