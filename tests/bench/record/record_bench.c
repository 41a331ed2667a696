/* What an event costs: on the thread that records it, and in the writer. No scheduler: the events of tasks that are
 * made, started, wait once and end are written straight to the spool, as fast as it goes.
 *
 *     record_bench [EVENTS [THREADS]]      5,000,000 events, 1 thread; the trace goes to TMPDIR
 */
#include <event.h>
#include <leash/loop.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_A_TASK 5

static struct leash_options options;
static unsigned long tasks; /* a thread */
static char path[256];

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void record_tasks(struct leash__events *events, uint64_t first)
{
    for (uint64_t id = first; id < first + tasks; id++) {
        leash__event(events, LEASH_EV_TASK, LEASH_SITE("bench"), id, id, 1);
        leash__event(events, LEASH_EV_START, NULL, id, 1, 0);
        leash__event_at(events, LEASH_EV_AWAIT_SLEEP, LEASH_SITE("sleep"), id, 1000, id);
        leash__event_at(events, LEASH_EV_DONE, NULL, id, 0, id);
        leash__event(events, LEASH_EV_CLAIM, NULL, id, LEASH_CLAIM_SETTLED, LEASH_SUBJECT_TASK);
    }
}

struct recording {
    pthread_t thread;
    uint64_t first; /* task */
    double cpu;     /* seconds that the events took; set at the end */
};

static void *thread_main(void *argument)
{
    struct recording *recording = argument;
    struct leash__events events;
    leash__record_thread(&events, &options);
    double begin = seconds(CLOCK_THREAD_CPUTIME_ID);
    record_tasks(&events, recording->first);
    recording->cpu = seconds(CLOCK_THREAD_CPUTIME_ID) - begin;
    leash__record_thread_end(&events);
    return NULL;
}

static double record_on(unsigned threads)
{
    struct recording recordings[64];
    double sum = 0;
    for (unsigned i = 0; i < threads; i++) {
        recordings[i].first = 1 + i * tasks;
        pthread_create(&recordings[i].thread, NULL, thread_main, &recordings[i]);
    }
    for (unsigned i = 0; i < threads; i++) {
        pthread_join(recordings[i].thread, NULL);
        sum += recordings[i].cpu;
    }
    return sum;
}

/* In a process of its own, since the trace ends with it. Returns CPU seconds of the threads; *all are those of the
 * whole process up to its very end. */
static double run(unsigned threads, double *all, double *wall)
{
    struct rusage usage;
    double sum;
    int result[2], status;
    if (pipe(result) < 0)
        abort();
    fflush(stdout);
    double begin = seconds(CLOCK_MONOTONIC);
    pid_t child = fork();
    if (child == 0) {
        sum = record_on(threads);
        exit(write(result[1], &sum, sizeof sum) != sizeof sum);
    }
    wait4(child, &status, 0, &usage);
    *wall = seconds(CLOCK_MONOTONIC) - begin;
    *all = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    if (status != 0 || read(result[0], &sum, sizeof sum) != sizeof sum)
        abort();
    close(result[0]);
    close(result[1]);
    return sum;
}

int main(int argc, char **argv)
{
    unsigned long events = argc > 1 ? strtoul(argv[1], NULL, 0) : 5000000;
    unsigned threads = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 0) : 1;
    const char *folder = getenv("TMPDIR");
    struct stat status = {0};
    double all, wall;
    tasks = events / EVENTS_A_TASK / threads;
    double count = (double)(tasks * EVENTS_A_TASK * threads);
    snprintf(path, sizeof path, "%s/leash-bench-%d.db", folder ? folder : "/tmp", getpid());
    double off = run(threads, &all, &wall);
    printf("no trace    %6.2f ns an event on its thread\n", off / count * 1e9);
    options = (struct leash_options){.size = sizeof options, .trace = path, .spool_size = (size_t)1 << 30, .report = 1};
    double on = run(threads, &all, &wall);
    stat(path, &status);
    printf("trace       %6.2f ns an event on its thread, %.0f ns in the writer (CPU), %.1f bytes in the trace, "
           "complete after %.2f s\n",
           on / count * 1e9, (all - on) / count * 1e9, (double)status.st_size / count, wall);
    unlink(path);
    return 0;
}
