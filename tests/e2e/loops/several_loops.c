/* Three loops, each on a thread of its own, that keep one another busy: calls and coroutines go around in a circle, and
 * all give jobs to the one pool. Exits with 0 if each had exactly what was meant for it. */
#include <leash.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { LOOPS = 3, CALLS = 300, VISITS = 30, JOBS = 40 };

struct office {
    unsigned number;
    pthread_t thread;
    leash_loop_t loop;
    leash_future_t all_came;
    unsigned calls, visits; /* that came; the loop's thread only */
    int rc;
};

static struct office offices[LOOPS];
static pthread_barrier_t all_open;

static struct office *next_of(const struct office *office)
{
    return &offices[(office->number + 1) % LOOPS];
}

static void came(struct office *office)
{
    if (office->calls == CALLS && office->visits == VISITS)
        leash_future_set_result(office->all_came, NULL);
}

/* ---- calls ---- */

static void is_called(void *arg)
{
    struct office *office = arg;
    office->calls++;
    came(office);
}

static int calls_the_next(void *arg)
{
    struct office *next = next_of(arg);
    for (int i = 0; i < CALLS; i++) {
        int rc = leash_call_soon_threadsafe(next->loop, is_called, next);
        rc = rc < 0 || i % 8 ? rc : leash_sleep(0);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* ---- coroutines: a job asks for each, as it may block ---- */

static int visit(void *arg)
{
    struct office *office = arg;
    int rc = leash_sleep(0.0001);
    office->visits++;
    came(office);
    return rc < 0 ? rc : leash_return(office);
}

static int asks(void *arg)
{
    struct office *office = *(struct office **)arg;
    void *result = NULL;
    struct leash_remote *remote = leash_run_coroutine_threadsafe(office->loop, leash_coro(visit, office));
    int rc = remote ? leash_remote_result(remote, -1, &result) : -1;
    leash_remote_free(remote);
    return rc < 0 ? rc : result == office ? 0 : -1;
}

static int visits_the_next(void *arg)
{
    struct office *next = next_of(arg);
    for (int i = 0; i < VISITS; i++) {
        int rc = leash_await(leash_to_thread_copy(asks, &next, sizeof next), NULL);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* ---- jobs ---- */

static int adds_up(void *arg)
{
    volatile unsigned sum = 0;
    for (unsigned i = 0; i < 1000; i++)
        sum += i;
    return sum == 499500 ? leash_return(arg) : -1;
}

static int gives_jobs(void *arg)
{
    leash_awaitable_t jobs[JOBS];
    for (int i = 0; i < JOBS; i++)
        jobs[i] = leash_to_thread(adds_up, arg);
    return leash_gather_wait_array(jobs, JOBS, 0, NULL);
}

/* ---- the loops ---- */

static int works(void *arg)
{
    struct office *office = arg;
    office->loop = leash_running_loop();
    office->all_came = leash_future();
    pthread_barrier_wait(&all_open); /* all of them can be reached */
    int rc = leash_gather_wait(NULL, leash_coro(calls_the_next, office), leash_coro(visits_the_next, office),
                               leash_coro(gives_jobs, office));
    return rc < 0 ? rc : leash_await(office->all_came, NULL);
}

static void *opens(void *arg)
{
    struct office *office = arg;
    char name[16];
    snprintf(name, sizeof name, "office-%u", office->number);
    pthread_setname_np(pthread_self(), name);
    office->rc = leash_run(leash_coro(works, office));
    return NULL;
}

int main(void)
{
    int wrong = 0;
    pthread_barrier_init(&all_open, NULL, LOOPS);
    for (unsigned i = 0; i < LOOPS; i++) {
        offices[i].number = i;
        pthread_create(&offices[i].thread, NULL, opens, &offices[i]);
    }
    for (unsigned i = 0; i < LOOPS; i++) {
        pthread_join(offices[i].thread, NULL);
        wrong += offices[i].rc != 0 || offices[i].calls != CALLS || offices[i].visits != VISITS;
    }
    return wrong;
}
