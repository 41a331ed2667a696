/* What the second tier costs: how long a program pauses for a scan, and what libleash_malloc adds to malloc and free.
 *
 *   bench_reach scan MEGABYTES TASKS     one scan of so much heap with so many parked tasks, all reachable but one
 *   bench_reach malloc                   ns for one malloc and free
 *
 * With libleash_malloc loaded before it, blocks are reached; else all memory is searched. */
#include <leash.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 7 };

static double ms(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec * 1e-3;
}

/* CPU time, that of the processes that search with it: a busy machine's other work does not count. */
static double clock_ms(void)
{
    struct rusage own, children;
    getrusage(RUSAGE_SELF, &own);
    getrusage(RUSAGE_CHILDREN, &children);
    return ms(own.ru_utime) + ms(own.ru_stime) + ms(children.ru_utime) + ms(children.ru_stime);
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof(*values), by_value);
    return values[ROUNDS / 2];
}

/* ---- scan ---- */

struct block {
    struct block *next, *other;
    char rest[];
};

static struct block *heap;
static leash_task_t *tasks;
static size_t megabytes, task_count;

/* Blocks of 48 to 4,000 bytes in a list, with a second pointer each to some other. */
static void make_heap(void)
{
    uint64_t random = 1;
    for (size_t left = megabytes * 1000 * 1000; left > 4000;) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        size_t size = random >> 62 ? 48 + (random >> 40) % 200 : 48 + (random >> 40) % 4000;
        struct block *block = malloc(size);
        if (!block)
            abort();
        memset(block, (int)(random >> 50 & 0xff), size);
        block->next = heap;
        block->other = heap && random & 1 << 20 ? heap->next : NULL;
        heap = block;
        left -= size;
    }
}

static int parked(void *unused)
{
    (void)unused;
    return leash_sleep(100000);
}

/* What a snapshot costs beside what is searched in it: the program stands still while the kernel copies its tables. */
static double fork_ms(void)
{
    double began = clock_ms();
    pid_t child = (pid_t)syscall(SYS_clone, 0ul, NULL, NULL, NULL, NULL);
    if (child == 0)
        _exit(0);
    double took = clock_ms() - began;
    waitpid(child, NULL, __WALL);
    return took;
}

static int measure(void *unused)
{
    double scans[ROUNDS], forks[ROUNDS];
    struct leash_scan_result result;
    (void)unused;
    for (size_t i = 0; i < task_count; i++)
        tasks[i] = leash_create_task(leash_coro(parked, NULL));
    leash_sleep(0);
    leash_sleep(0);
    tasks[task_count / 2] = NULL;
    for (int round = 0; round < ROUNDS; round++) {
        double began = clock_ms();
        leash_scan(&result);
        scans[round] = clock_ms() - began;
    }
    for (int round = 0; round < ROUNDS; round++) /* afterwards: it makes every page's next write a fault */
        forks[round] = fork_ms();
    double pause = median(scans);
    printf("%5zu MB, %7zu tasks: scan %8.2f ms (%6.2f GB searched, %5.2f GB/s), %u lost; fork %7.2f ms\n", megabytes,
           task_count, pause, (double)result.bytes * 1e-9, (double)result.bytes / pause * 1e-6, result.lost,
           median(forks));
    fflush(stdout);
    _exit(0); /* a million tasks are not cancelled for this */
}

/* ---- malloc ---- */

static double malloc_ns(size_t size, size_t live)
{
    enum { TIMES = 2000 * 1000 };
    static void *blocks[1000];
    double times[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        double began = clock_ms();
        for (size_t i = 0; i < TIMES; i++) {
            void **slot = &blocks[i * 7919 % live];
            free(*slot);
            *slot = malloc(size);
            __asm__ volatile("" ::"r"(*slot) : "memory");
        }
        times[round] = (clock_ms() - began) * 1e6 / TIMES;
        for (size_t i = 0; i < live; i++) {
            free(blocks[i]);
            blocks[i] = NULL;
        }
    }
    return median(times);
}

int main(int argc, char **argv)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    if (argc < 4) {
        static const size_t sizes[] = {16, 64, 256, 1000, 4000};
        for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
            printf("malloc and free of %4zu bytes: %7.1f ns\n", sizes[i], malloc_ns(sizes[i], 1000));
        return 0;
    }
    megabytes = (size_t)atol(argv[2]);
    task_count = (size_t)atol(argv[3]);
    tasks = calloc(task_count + 1, sizeof(*tasks));
    options.report = 0;
    options.scan = 0;
    options.stack_size = 16384;
    make_heap();
    return leash_run_with(leash_coro(measure, NULL), &options, NULL) != 0;
}
