#include "leak_words.h"

#include <string.h>

/* clang-format off */
const struct leash__leak_words leash__leak_words_all[] = {
    {"deadlock", 'W',
     "task {name} could be woken only by threads that nobody declared, and none did",
     "{count} tasks {name} could be woken only by threads that nobody declared, and none did",
     "take locks in one order, give a wait a time limit (leash_timeout_begin), see that somebody is left to set or put"},
    {"deadlock", 0,
     "task {name} can never go on: nothing is left that could wake it",
     "{count} tasks {name} can never go on: nothing is left that could wake them",
     "take locks in one order, give a wait a time limit (leash_timeout_begin), see that somebody is left to set or put"},
    {"unreferenced", 0,
     "task {name} is pending and nobody holds its handle",
     "{count} tasks {name} are pending and nobody holds their handles",
     "keep the handle and leash_await() it, or leash_detach() it on purpose"},
    {"never-retrieved", 0,
     "{name} failed and nobody read its result",
     "{count} tasks or futures {name} failed and nobody read their results",
     "leash_await() it and look at what that returns"},
    {"pending-at-exit", 0,
     "task {name} was pending when the loop stopped",
     "{count} tasks {name} were pending when the loop stopped",
     "await it before main returns, or cancel and await it; leash_task_daemon() if it may be pending"},
    {"never-awaited", 0,
     "coroutine {name} was created and never started",
     "coroutine {name} was created {count} times and never started",
     "leash_await() it, or leash_create_task() it and keep the handle"},
    {"lock-held", 'W',
     "semaphore {name} was not given back all that was taken",
     "{count} semaphores {name} were not given back all that was taken",
     "release the lock on every way out, also when a wait returns -ECANCELED"},
    {"lock-held", 0,
     "task {name} ended while it held a lock",
     "{count} tasks {name} ended while they held a lock",
     "release the lock on every way out, also when a wait returns -ECANCELED"},
    {"never-joined", 0,
     "task {name} finished and nobody awaited it",
     "{count} tasks {name} finished and nobody awaited them",
     "leash_await() it, or leash_detach() it on purpose"},
    {"blocked-loop", 0,
     "{name} kept its loop from running for too long",
     "{name} kept their loops from running for too long, {count} times",
     "wait with leash_sleep() and the like, and give calls that block, and long computations, to leash_to_thread()"},
    {NULL, 0, "{name}", "{count} times {name}", ""},
};
/* clang-format on */

const struct leash__leak_words *leash__leak_words(const char *class, char severity)
{
    const struct leash__leak_words *words = leash__leak_words_all;
    while (words->class &&
           (!class || strcmp(words->class, class) != 0 || (words->severity && words->severity != severity)))
        words++;
    return words;
}
