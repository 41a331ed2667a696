/* Dropped handles, of which nothing is left once the frame that dropped them has returned. */
#include "verdict.h"

#include <alloca.h>
#include <sys/mman.h>

static leash_task_t slot;
static leash_task_t *mapped;

struct pair {
    leash_task_t left, right;
};

static __attribute__((noinline)) leash_task_t start(void)
{
    return leash_create_task(leash_coro(forever, NULL)); /* LEAK unreferenced 1 in never_stored, local_of_a_function,
        parameter, deep_call, inner_block, on_the_alloca, cleared_global, set_to_another, unmapped, other_coroutine,
        sorted_away; LEAK unreferenced 2 in struct_ignored; LEAK unreferenced 3 in overwritten_in_a_loop */
}

static __attribute__((noinline)) void use(leash_task_t task)
{
    leash_task_set_name(task, "used");
}

static int never_stored(void *unused)
{
    (void)unused;
    start();
    return leash_sleep(1);
}

static int overwritten_in_a_loop(void *unused)
{
    (void)unused;
    leash_task_t last = NULL;
    for (int i = 0; i < 3; i++) {
        last = start();
        keep(&last);
    }
    return leash_sleep(1);
}

static __attribute__((noinline)) void keep_in_a_local(void)
{
    leash_task_t task = start();
    keep(&task);
}

static int local_of_a_function(void *unused)
{
    (void)unused;
    keep_in_a_local();
    return leash_sleep(1);
}

static int parameter(void *unused)
{
    (void)unused;
    use(start());
    return leash_sleep(1);
}

static __attribute__((noinline)) void descend(int depth)
{
    char room[200];
    memset(room, depth, sizeof(room));
    keep(room);
    if (depth)
        descend(depth - 1);
    else
        keep_in_a_local();
}

static int deep_call(void *unused)
{
    (void)unused;
    descend(20);
    return leash_sleep(1);
}

static int inner_block(void *unused)
{
    (void)unused;
    {
        leash_task_t inner = start();
        keep(&inner);
    }
    return leash_sleep(1);
}

static __attribute__((noinline)) void keep_on_the_stack(size_t count)
{
    leash_task_t *tasks = alloca(count * sizeof(*tasks));
    tasks[count - 1] = start();
    keep(tasks);
}

static int on_the_alloca(void *unused)
{
    (void)unused;
    keep_on_the_stack(100);
    return leash_sleep(1);
}

static __attribute__((noinline)) struct pair start_two(void)
{
    return (struct pair){start(), start()};
}

static int struct_ignored(void *unused)
{
    (void)unused;
    start_two();
    return leash_sleep(1);
}

static int cleared_global(void *unused)
{
    (void)unused;
    slot = start();
    keep(&slot);
    slot = NULL;
    return leash_sleep(1);
}

static int set_to_another(void *unused)
{
    (void)unused;
    slot = start();
    keep(&slot);
    slot = leash_create_task(leash_coro(work, NULL));
    return leash_await(slot, NULL);
}

static int unmapped(void *unused)
{
    (void)unused;
    mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED)
        return -ENOMEM;
    mapped[10] = start();
    munmap(mapped, 4096);
    return leash_sleep(1);
}

static int keep_for_a_while(void *unused)
{
    (void)unused;
    leash_task_t task = start();
    keep(&task);
    return leash_sleep(0.5);
}

static int other_coroutine(void *unused)
{
    (void)unused;
    int rc = leash_await(leash_create_task(leash_coro(keep_for_a_while, NULL)), NULL);
    return rc < 0 ? rc : leash_sleep(1);
}

static int by_value(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(leash_task_t));
}

static int sorted_away(void *unused)
{
    static leash_task_t tasks[8];
    (void)unused;
    tasks[3] = start();
    qsort(tasks, 8, sizeof(tasks[0]), by_value);
    memset(tasks, 0, sizeof(tasks));
    keep(tasks);
    return leash_sleep(1);
}

CASES(CASE(never_stored), CASE(overwritten_in_a_loop), CASE(local_of_a_function), CASE(parameter), CASE(deep_call),
      CASE(inner_block), CASE(on_the_alloca), CASE(struct_ignored), CASE(cleared_global), CASE(set_to_another),
      CASE(unmapped), CASE(other_coroutine), CASE(sorted_away))
