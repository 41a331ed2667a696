/* Linked to an example, which stays as it is (ld --wrap): while its server serves, tasks of connections are cancelled
 * at random, and reads and drains are cut short by timeouts and begun again, which may cost no byte. Very many may wait
 * to be accepted.
 *
 *     SOAK_CANCELS=N     tasks a second (0)          SOAK_TIMEOUTS=N     of 100 waits that time out first (0)
 *     SOAK_SEED=N        of both */
#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <stdlib.h>

#include "load/random.h"

static uint64_t seed;
static unsigned timeouts;

static unsigned setting(const char *name)
{
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 0) : 0;
}

/* ---- cancellations ---- */

struct canceller {
    unsigned a_second;
    leash_task_t main;
    leash_task_t *tasks;
    size_t room;
};

/* Of the tasks that there are, this one and main aside. */
static size_t find_tasks(struct canceller *canceller)
{
    size_t count = leash_all_tasks(NULL, 0), kept = 0;
    if (count > canceller->room) {
        leash_task_t *tasks = realloc(canceller->tasks, 2 * count * sizeof(leash_task_t));
        if (!tasks)
            return 0;
        canceller->tasks = tasks;
        canceller->room = 2 * count;
    }
    count = leash_all_tasks(canceller->tasks, canceller->room);
    for (size_t i = 0; i < count; i++)
        if (canceller->tasks[i] != canceller->main && canceller->tasks[i] != leash_current_task())
            canceller->tasks[kept++] = canceller->tasks[i];
    return kept;
}

static int cancel_some(void *arg)
{
    enum { A_TIME = 20 /* a second */ };
    struct canceller *canceller = arg;
    unsigned due = 0;
    int rc;
    while ((rc = leash_sleep(1.0 / A_TIME)) == 0) {
        size_t count = find_tasks(canceller);
        for (due += canceller->a_second; due >= A_TIME && count > 0; due -= A_TIME)
            leash_cancel(canceller->tasks[random_in(&seed, 0, count - 1)], "by the soak");
    }
    return rc;
}

int __real_leash__server_serve_forever(leash_server_t server, struct leash_site *site);
int __wrap_leash__server_serve_forever(leash_server_t server, struct leash_site *site);

int __wrap_leash__server_serve_forever(leash_server_t server, struct leash_site *site)
{
    struct canceller canceller = {.a_second = setting("SOAK_CANCELS"), .main = leash_current_task()};
    seed = setting("SOAK_SEED");
    timeouts = setting("SOAK_TIMEOUTS");
    if (canceller.a_second == 0)
        return __real_leash__server_serve_forever(server, site);
    leash_task_t task = leash_create_task_named(leash_coro(cancel_some, &canceller), "canceller");
    int rc = __real_leash__server_serve_forever(server, site);
    leash_cancel(task, NULL);
    if (leash_await(task, NULL) != -ECANCELED)
        fputs("the canceller did not end as it should\n", stderr);
    free(canceller.tasks);
    return rc;
}

/* ---- a crowd at the door ---- */

leash_server_t __real_leash__start_server(const char *host, int port, leash_connection_fn_t fn, void *arg,
                                          const struct leash_server_options *options, struct leash_site *site);
leash_server_t __wrap_leash__start_server(const char *host, int port, leash_connection_fn_t fn, void *arg,
                                          const struct leash_server_options *options, struct leash_site *site);

/* Where more wait than the backlog has room for, Linux answers with cookies, and lets go of some that believe
 * themselves connected. Of others it loses up to three bytes: a cookie fits a sequence number that is a little off, so
 * the second packet can open the connection if the first was dropped. */
leash_server_t __wrap_leash__start_server(const char *host, int port, leash_connection_fn_t fn, void *arg,
                                          const struct leash_server_options *options, struct leash_site *site)
{
    struct leash_server_options larger = *options;
    larger.backlog = 4096;
    return __real_leash__start_server(host, port, fn, arg, &larger, site);
}

/* ---- timeouts ---- */

static leash_timeout_t impatience(void)
{
    return random_chance(&seed, timeouts) ? leash_timeout_begin((double)random_in(&seed, 0, 50) / 1000) : NULL;
}

/* Waits, or is impatient first and then waits. */
#define WAIT(call)                                                                                                     \
    leash_timeout_t scope = impatience();                                                                              \
    int rc = call;                                                                                                     \
    if (!scope)                                                                                                        \
        return rc;                                                                                                     \
    rc = leash_timeout_end(scope, rc);                                                                                 \
    return rc == -ETIMEDOUT ? call : rc

int __real_leash__stream_read(leash_stream_t stream, void *buffer, size_t n, struct leash_site *site);
int __wrap_leash__stream_read(leash_stream_t stream, void *buffer, size_t n, struct leash_site *site);

int __wrap_leash__stream_read(leash_stream_t stream, void *buffer, size_t n, struct leash_site *site)
{
    WAIT(__real_leash__stream_read(stream, buffer, n, site));
}

int __real_leash__stream_readuntil(leash_stream_t stream, const void *separator, size_t length, const char **data,
                                   struct leash_site *site);
int __wrap_leash__stream_readuntil(leash_stream_t stream, const void *separator, size_t length, const char **data,
                                   struct leash_site *site);

int __wrap_leash__stream_readuntil(leash_stream_t stream, const void *separator, size_t length, const char **data,
                                   struct leash_site *site)
{
    WAIT(__real_leash__stream_readuntil(stream, separator, length, data, site));
}

int __real_leash__stream_drain(leash_stream_t stream, struct leash_site *site);
int __wrap_leash__stream_drain(leash_stream_t stream, struct leash_site *site);

int __wrap_leash__stream_drain(leash_stream_t stream, struct leash_site *site)
{
    WAIT(__real_leash__stream_drain(stream, site));
}
