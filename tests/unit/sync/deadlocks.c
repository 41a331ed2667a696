#include "deadlocks.h"

#include <ports.h>
#include <stdio.h>
#include <string.h>

char told[512], told_waits[256];

void __wrap_leash__leak_found(const struct leash__leak *leak);
void __wrap_leash__leak_found(const struct leash__leak *leak)
{
    size_t length = strlen(told);
    snprintf(told + length, sizeof told - length, "%s%s:%s ", leak->class,
             leak->severity == 'W' && !strcmp(leak->class, "deadlock") ? "?" : "", leak->name);
    snprintf(told_waits, sizeof told_waits, "%s", leak->waits_for);
}

int run_with(leash_fn_t fn, void *arg, int on_deadlock)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 1;
    options.scan = 0;
    options.report = 0;
    options.on_deadlock = on_deadlock;
    told[0] = told_waits[0] = '\0';
    return leash_run_with(leash_coro(fn, arg), &options, NULL);
}

int run(leash_fn_t fn, void *arg)
{
    return run_with(fn, arg, -1);
}

leash_task_t start(leash_fn_t fn, void *arg, const char *name)
{
    return leash_create_task_named(leash_coro(fn, arg), name);
}
