/* W3, the raw switch: nanoseconds a switch between the thread and one context, and around many; swapcontext beside it
 * in the same run. Then what a context costs to make and free, and how much memory a parked one holds.
 *
 *   switch_bench [CONTEXTS]        100000 unless told */
#include <context.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { REPEATS = 7, SWITCHES = 2000000, STACK_SIZE = 64 * 1024 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The median of REPEATS runs of fn, each `count` operations, in nanoseconds an operation. */
static double measure(void (*fn)(size_t count), size_t count)
{
    double runs[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
        double begin = now();
        fn(count);
        runs[i] = (now() - begin) / (double)count;
    }
    qsort(runs, REPEATS, sizeof(*runs), compare_doubles);
    return runs[REPEATS / 2];
}

static struct leash__context thread, *contexts;
static struct leash__stacks *stacks;
static size_t context_count;

static void leave_forever(void *argument)
{
    struct leash__context *me = argument;
    for (;;)
        leash__context_switch(me, &thread);
}

static void leave_once(void *argument)
{
    leash__context_exit(argument, &thread);
}

static void make_contexts(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (leash__context_new(&contexts[i], stacks, leave_forever, &contexts[i]) < 0) {
            fprintf(stderr, "no memory for %zu contexts\n", count);
            exit(1);
        }
    }
    context_count = count;
}

static void free_contexts(void)
{
    for (size_t i = 0; i < context_count; i++)
        leash__context_free(&contexts[i], stacks);
    context_count = 0;
}

/* A round is two switches for each context. */
static void switch_around(size_t count)
{
    for (size_t done = 0; done < count;)
        for (size_t i = 0; i < context_count && done < count; i++, done += 2)
            leash__context_switch(&thread, &contexts[i]);
}

static void switch_around_ahead(size_t count)
{
    for (size_t done = 0; done < count;) {
        for (size_t i = 0; i < context_count && done < count; i++, done += 2) {
            leash__context_prefetch(&contexts[i + 2 < context_count ? i + 2 : 0]);
            leash__context_switch(&thread, &contexts[i]);
        }
    }
}

static void make_run_free(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (leash__context_new(&contexts[0], stacks, leave_once, &contexts[0]) < 0)
            exit(1);
        leash__context_switch(&thread, &contexts[0]);
        leash__context_free(&contexts[0], stacks);
    }
}

static size_t batch;

/* All of a batch live at once, as gathered tasks are. */
static void make_run_free_batches(size_t count)
{
    for (size_t done = 0; done < count; done += batch) {
        for (size_t i = 0; i < batch; i++)
            if (leash__context_new(&contexts[i], stacks, leave_once, &contexts[i]) < 0)
                exit(1);
        for (size_t i = 0; i < batch; i++)
            leash__context_switch(&thread, &contexts[i]);
        for (size_t i = 0; i < batch; i++)
            leash__context_free(&contexts[i], stacks);
    }
}

static ucontext_t peer_thread, peer_context;

static void peer_leave_forever(void)
{
    for (;;)
        swapcontext(&peer_context, &peer_thread);
}

static void peer_switch(size_t count)
{
    for (size_t i = 0; i < count; i += 2)
        swapcontext(&peer_thread, &peer_context);
}

/* Kilobytes of a line of /proc/self/status. */
static double status_kib(const char *name)
{
    char line[256];
    double value = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof(line), file))
        if (strncmp(line, name, strlen(name)) == 0)
            value = strtod(line + strlen(name) + 1, NULL);
    if (file)
        fclose(file);
    return value;
}

static void park(size_t count)
{
    double resident = status_kib("VmRSS"), tables = status_kib("VmPTE"), begin = now();
    make_contexts(count);
    double made = now();
    switch_around(2 * count);
    double entered = now();
    printf("%zu parked: make %.0f ns, first entry %.0f ns, memory %.2f KiB + %.2f KiB of page tables each\n", count,
           (made - begin) / (double)count, (entered - made) / (double)count,
           (status_kib("VmRSS") - resident) / (double)count, (status_kib("VmPTE") - tables) / (double)count);
}

int main(int argc, char **argv)
{
    size_t many = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
    contexts = calloc(many ? many : 1, sizeof(*contexts));
    if (!contexts || leash__stacks_new(&stacks, STACK_SIZE) < 0)
        return 1;
    leash__context_of_thread(&thread);
    getcontext(&peer_context);
    peer_context.uc_stack.ss_sp = malloc(STACK_SIZE);
    peer_context.uc_stack.ss_size = STACK_SIZE;
    makecontext(&peer_context, peer_leave_forever, 0);

    printf("swapcontext, 1 context:      %6.1f ns a switch\n", measure(peer_switch, SWITCHES / 10));
    make_contexts(1);
    printf("leash, 1 context:            %6.1f ns a switch\n", measure(switch_around, SWITCHES));
    free_contexts();
    printf("make, run, free, hot:        %6.1f ns\n", measure(make_run_free, SWITCHES / 4));
    park(many);
    printf("leash, %zu contexts:      %6.1f ns a switch\n", many, measure(switch_around, SWITCHES));
    printf("  the next one prefetched:   %6.1f ns a switch\n", measure(switch_around_ahead, SWITCHES));
    double begin = now();
    free_contexts();
    printf("free %zu:                 %6.1f ns each\n", many, (now() - begin) / (double)many);
    batch = many;
    printf("make, run, free, %zu live: %5.1f ns\n", many, measure(make_run_free_batches, many));
    begin = now();
    size_t calls = 1;
    while (leash__stacks_trim(stacks, 64))
        calls++;
    printf("give back: %.0f ns each, %zu calls of %.2f ms\n", (now() - begin) / (double)many, calls,
           (now() - begin) / 1e6 / (double)calls);
    leash__stacks_free(stacks);
    free(peer_context.uc_stack.ss_sp);
    free(contexts);
    return 0;
}
