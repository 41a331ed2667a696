/* How long a process's other threads stand still when a scan stops them: 1, 8 and 64 threads, asleep and at work;
 * traced, and by a signal, where tracing is tried and refused first. Prints a table; the exit code says only that it
 * ran. */
#include <forbid.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <stopper.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 101, MOST = 64 };

static int stop_signal; /* 0: they are traced */
static atomic_bool over;
static atomic_uint began;

static void *sleep_on(void *unused)
{
    atomic_fetch_add(&began, 1);
    while (!atomic_load(&over))
        usleep(20000);
    return unused;
}

static void *work_on(void *unused)
{
    atomic_fetch_add(&began, 1);
    while (!atomic_load(&over))
        __asm__ volatile("" ::: "memory");
    return unused;
}

static double clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void take_registers(const unsigned char *data, size_t size, void *bytes)
{
    (void)data;
    *(size_t *)bytes += size;
}

static void measure(const char *name, int threads)
{
    double microseconds[ROUNDS];
    size_t bytes = 0;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct leash__stopper *stopper = NULL;
        double before = clock_us();
        refused += leash__threads_stop(&stopper, stop_signal, NULL) < 0;
        leash__threads_registers(stopper, take_registers, &bytes);
        leash__threads_resume(stopper);
        microseconds[round] = clock_us() - before;
    }
    qsort(microseconds, ROUNDS, sizeof *microseconds, by_value);
    printf("%-7s %2d threads %-8s %8.0f us median %8.0f us 90th  %zu B of registers a thread, %d refused\n",
           stop_signal ? "signal:" : "traced:", threads, name, microseconds[ROUNDS / 2], microseconds[ROUNDS * 9 / 10],
           bytes / (size_t)(ROUNDS * threads), refused);
}

static void run(const char *name, void *(*fn)(void *), int threads)
{
    pthread_t ids[MOST];
    atomic_store(&over, false);
    atomic_store(&began, 0);
    for (int i = 0; i < threads; i++)
        if (pthread_create(&ids[i], NULL, fn, NULL) != 0)
            exit(1);
    while (atomic_load(&began) < (unsigned)threads)
        usleep(1000);
    measure(name, threads);
    atomic_store(&over, true);
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
}

static void run_all(void)
{
    static const int counts[] = {1, 8, MOST};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        run("asleep", sleep_on, counts[i]);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        run("at work", work_on, counts[i]);
}

/* What is forbidden stays so: in a process of its own. */
static void run_by_signal(void)
{
    pid_t child = fork();
    if (child == 0) {
        stop_signal = SIGRTMIN + 6;
        if (forbid_calls(SYS_ptrace, 0))
            run_all();
        exit(0);
    }
    waitpid(child, NULL, 0);
}

int main(void)
{
    run_all();
    fflush(stdout);
    run_by_signal();
    return 0;
}
