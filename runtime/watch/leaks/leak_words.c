#include "leak_words.h"

#include <string.h>

const struct leash__leak_words leash__leak_words_all[] = {
    {"deadlock", "task {name} waits in a cycle that nothing can break",
     "{count} tasks {name} wait in a cycle that nothing can break",
     "let one of them give up: leash_wait_for() with a time limit, or take locks in one order"},
    {"unreferenced", "task {name} is pending and nobody holds its handle",
     "{count} tasks {name} are pending and nobody holds their handles",
     "keep the handle and leash_await() it, spawn it in a leash_group, or leash_detach() it on purpose"},
    {"never-retrieved", "{name} failed and nobody read its result",
     "{name} failed {count} times and nobody read its result", "leash_await(t, NULL) and look at what it returns"},
    {"pending-at-exit", "task {name} was pending when the loop stopped",
     "{count} tasks {name} were pending when the loop stopped",
     "leash_await() it before main returns, leash_cancel() and await it, or leash_task_daemon() it on purpose"},
    {"never-awaited", "coroutine {name} was created and never started",
     "coroutine {name} was created {count} times and never started",
     "leash_await() it, or leash_create_task() it and keep the handle"},
    {"lock-held", "task {name} ended while it held a lock", "{count} tasks {name} ended while they held a lock",
     "release the lock on every way out, also when a wait returns -ECANCELED"},
    {"never-joined", "task {name} finished and nobody looked at its result",
     "{count} tasks {name} finished and nobody looked at their results",
     "leash_await() it, or leash_detach() it if its result does not matter"},
    {"cancelled-not-awaited", "task {name} was cancelled and not awaited",
     "{count} tasks {name} were cancelled and not awaited",
     "leash_await() a task after leash_cancel(): it may need time to end"},
    {NULL, "{name}", "{count} times {name}", ""},
};

const struct leash__leak_words *leash__leak_words(const char *class)
{
    const struct leash__leak_words *words = leash__leak_words_all;
    while (words->class && (!class || strcmp(words->class, class) != 0))
        words++;
    return words;
}
