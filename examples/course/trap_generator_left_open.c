/* 4.9 A trap: who leaves a generator early must close it. This one is closed by the end of the run only, long after it
 * was needed. */
#include <leash.h>
#include <stdio.h>

static int count(void *unused)
{
    int rc = 0;
    (void)unused;
    puts("The generator opens its source");
    for (int i = 10; i < 15 && rc == 0; i++) {
        rc = leash_sleep(0.3);
        if (rc == 0)
            rc = leash_yield(&i);
    }
    puts("The generator closes its source");
    return rc;
}

static int app(void *unused)
{
    const int *number;
    (void)unused;
    leash_generator_t numbers = leash_generator(count, NULL);
    leash_for_each (numbers, number) {
        printf("Number: %d\n", *number);
        if (*number == 12)
            break;
    }
    puts("That was enough"); /* wrong: leash_generator_close(numbers) is missing */
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
