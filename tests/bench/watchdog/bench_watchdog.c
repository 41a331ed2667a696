/* What the watchdog takes of a program whose loop always has something to do: CPU time of its thread, of that of the
 * whole process, for a few limits.
 *
 *   bench_watchdog [SECONDS]     of CPU time for each limit, 2 */
#include <dirent.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds = 2;
static double watchdog_s, process_s;

static double cpu_s(clockid_t clock)
{
    struct timespec time;
    if (clock_gettime(clock, &time) != 0)
        return 0;
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Of the thread with this name; the kernel's clock id of a thread is made of its number (clock_getcpuclockid(3)). */
static double thread_cpu_s(const char *wanted)
{
    double found = 0;
    struct dirent *entry;
    DIR *tasks = opendir("/proc/self/task");
    while (tasks && (entry = readdir(tasks))) {
        char path[300], name[32] = "";
        int tid = atoi(entry->d_name);
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
        FILE *file = fopen(path, "r");
        if (!file)
            continue;
        if (fgets(name, sizeof name, file) && strncmp(name, wanted, strlen(wanted)) == 0)
            found = cpu_s((clockid_t)(~(unsigned)tid << 3 | 6));
        fclose(file);
    }
    if (tasks)
        closedir(tasks);
    return found;
}

static int other(void *unused)
{
    int rc;
    (void)unused;
    while ((rc = leash_sleep(0)) == 0)
        continue;
    return rc;
}

static int spin(void *unused)
{
    enum { BETWEEN = 1000 };
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(other, NULL));
    double began = cpu_s(CLOCK_PROCESS_CPUTIME_ID), before = thread_cpu_s("leash-watch");
    while (cpu_s(CLOCK_PROCESS_CPUTIME_ID) - began < seconds) {
        for (int i = 0; i < BETWEEN; i++)
            leash_sleep(0);
    }
    process_s = cpu_s(CLOCK_PROCESS_CPUTIME_ID) - began;
    watchdog_s = thread_cpu_s("leash-watch") - before;
    leash_cancel(task, NULL);
    leash_await(task, NULL);
    return 0;
}

int main(int argc, char **argv)
{
    static const unsigned limits[] = {0, 1000, 100, 20};
    if (argc > 1)
        seconds = atof(argv[1]);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct leash_options options = LEASH_OPTIONS_INIT;
        options.blocked_ms = limits[i];
        options.report = 0;
        if (leash_run_with(leash_coro(spin, NULL), &options, NULL) < 0)
            return 1;
        printf("blocked_ms=%-4u watchdog %7.2f ms of %7.2f ms: %.3f %%\n", limits[i], watchdog_s * 1e3, process_s * 1e3,
               100 * watchdog_s / process_s);
    }
    return 0;
}
