/* Leaves a task pending below an inline await, a comparison that qsort calls, and a generator; prints what waits. */
#include <leash.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static int waits_for_good(void)
{
    int rc = leash_sleep(1000); /* line 8 */
    __asm__ volatile("");
    return rc;
}

__attribute__((noinline)) static int inner(void *arg)
{
    (void)arg;
    int rc = waits_for_good();
    __asm__ volatile("");
    return rc;
}

__attribute__((noinline)) static int compare(const void *left, const void *right)
{
    (void)right;
    leash_await(leash_coro(inner, NULL), NULL);
    return *(const int *)left;
}

__attribute__((noinline)) static int sorts(void *arg)
{
    int numbers[] = {2, 1};
    (void)arg;
    qsort(numbers, 2, sizeof *numbers, compare);
    return numbers[0];
}

static int yields(void *arg)
{
    (void)arg;
    return waits_for_good();
}

static int asks_a_generator(void *arg)
{
    void *item = NULL;
    (void)arg;
    leash_generator_t generator = leash_generator(yields, NULL);
    int rc = leash_next(generator, &item);
    leash_generator_close(generator);
    return rc;
}

static int ready(void *arg)
{
    (void)arg;
    return 0;
}

static int app(void *arg)
{
    const char *what = arg;
    leash_detach(leash_create_task(leash_coro(sorts, NULL)));
    leash_detach(leash_create_task(leash_coro(sorts, NULL)));
    leash_detach(leash_create_task(leash_coro(asks_a_generator, NULL)));
    leash_sleep(0);
    leash_detach(leash_create_task(leash_coro(ready, NULL)));
    if (strcmp(what, "dump") == 0)
        leash_dump(stdout);
    if (strcmp(what, "exit") == 0)
        exit(0);
    return 0;
}

int main(int argc, char **argv)
{
    return leash_run(leash_coro(app, (void *)(argc > 1 ? argv[1] : ""))) < 0;
}
