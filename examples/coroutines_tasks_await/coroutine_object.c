/* 3.1 Calling an async function runs nothing: it makes a coroutine object, and the penguin stays silent. */
#include <leash.h>
#include <stdio.h>

static int loudmouth_penguin(void *arg)
{
    printf("I am a super special talking penguin. Far cooler than that printer. By the way, my lucky number is: %d.\n",
           *(const int *)arg);
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    leash_coro_t penguin = leash_coro(loudmouth_penguin, &(int){3}); /* wrong: never awaited */
    printf("%s\n", penguin ? "a coroutine object" : leash_last_error());
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
