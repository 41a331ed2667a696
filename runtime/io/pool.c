#include "pool.h"

#include <errno.h>
#include <own_frame.h>
#include <own_threads.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct worker {
    struct leash__node node; /* pool.workers */
    pthread_t thread;
    struct leash__pool_item *item; /* that it does; NULL: it is free */
    bool let_go;                   /* the item is: exit() does not wait */
    bool detached;                 /* exit() gave it up: it is on no list, counts no more, and frees itself */
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t work;  /* an item came, or the end */
    pthread_cond_t quiet; /* while `ending`: a thread has done its item */
    struct leash__node items, workers;
    unsigned waiting; /* items */
    unsigned free;    /* workers without an item, those included that are just beginning */
    unsigned count;   /* workers */
    unsigned most;    /* workers that do items at a time */
    unsigned numbers; /* for names */
    double patience;
    bool ending;
    bool hooked; /* exit() will call end() */
} pool = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .work = PTHREAD_COND_INITIALIZER,
    .quiet = PTHREAD_COND_INITIALIZER,
    .items = {&pool.items, &pool.items},
    .workers = {&pool.workers, &pool.workers},
};

/* NULL: not a thread of the pool, or one whose function forked, and this is the child. */
static __thread struct worker *self;

static struct worker *worker_of(struct leash__node *node)
{
    return LEASH__CONTAINER(node, struct worker, node);
}

static unsigned default_most(void)
{
    enum { CAP = 32, SPARE = 4 };
    static unsigned most; /* by the pool's lock */
    long processors = most ? 0 : sysconf(_SC_NPROCESSORS_ONLN);
    if (!most)
        most = processors < 1 ? 1 + SPARE : processors > CAP - SPARE ? CAP : (unsigned)processors + SPARE;
    return most;
}

/* ---- threads; the lock is held ---- */

static void *worker_main(void *argument);

/* What an instruction of the thread raises must not be blocked: the program's own handler, or a sanitizer's, is to see
 * it. */
static void block_signals(sigset_t *before)
{
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT};
    sigset_t blocked;
    leash__own_thread_mask(&blocked);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        sigdelset(&blocked, own[i]);
    pthread_sigmask(SIG_SETMASK, &blocked, before);
}

static int add_worker(void)
{
    sigset_t before;
    struct worker *worker = calloc(1, sizeof *worker);
    if (!worker)
        return -ENOMEM;
    block_signals(&before);
    int rc = pthread_create(&worker->thread, NULL, worker_main, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc != 0) {
        free(worker);
        return -rc;
    }
    leash__list_append(&pool.workers, &worker->node);
    pool.count++;
    pool.free++;
    return 0;
}

/* Where none can be made the others will do it. */
static void add_if_short(void)
{
    if (pool.waiting > pool.free && pool.count < pool.most)
        (void)add_worker();
}

static bool is_to_begin(void)
{
    return !leash__list_empty(&pool.items) && pool.count - pool.free < pool.most;
}

/* The next item, once there is one. NULL: the thread is to end. */
static struct leash__pool_item *next_item(struct worker *worker)
{
    while (!pool.ending && !worker->detached && !is_to_begin())
        pthread_cond_wait(&pool.work, &pool.lock);
    if (pool.ending || worker->detached)
        return NULL;
    struct leash__pool_item *item = LEASH__CONTAINER(leash__list_pop(&pool.items), struct leash__pool_item, node);
    pool.waiting--;
    pool.free--;
    worker->item = item;
    worker->let_go = false;
    return item;
}

static void item_done(struct worker *worker)
{
    worker->item = NULL;
    if (!worker->detached)
        pool.free++;
    if (pool.ending)
        pthread_cond_broadcast(&pool.quiet);
}

/* It gives its place to another. */
static void leave(struct worker *worker)
{
    if (worker->detached)
        return;
    leash__list_remove(&worker->node);
    pthread_detach(worker->thread);
    pool.count--;
    pool.free--;
    add_if_short();
    pthread_cond_signal(&pool.work);
}

/* ---- on a thread of the pool ---- */

static void name_thread(void)
{
    char name[16];
    pthread_mutex_lock(&pool.lock);
    unsigned number = ++pool.numbers;
    pthread_mutex_unlock(&pool.lock);
    snprintf(name, sizeof name, "leash-job-%u", number % 100000);
    pthread_setname_np(pthread_self(), name);
}

/* The program's function has called pthread_exit, or another thread pthread_cancel: the thread is lost, its item not.
 */
static void cut_short(void *argument)
{
    struct worker *worker = argument;
    struct leash__pool_item *item = worker->item;
    if (!self)
        return;
    leash__own_thread_begin();
    item->cut(item);
    pthread_mutex_lock(&pool.lock);
    item_done(worker);
    leave(worker);
    pthread_mutex_unlock(&pool.lock);
    item->tell(item);
    free(worker);
    leash__own_thread_end();
}

/* False: this is a forked child now. What was begun is its parent's to finish. */
LEASH__OWN_FRAME static bool do_item(struct worker *worker, struct leash__pool_item *item)
{
    leash__own_thread_end();
    pthread_cleanup_push(cut_short, worker);
    item->work(item);
    pthread_cleanup_pop(0);
    if (!self)
        return false;
    leash__own_thread_begin();
    pthread_mutex_lock(&pool.lock);
    item_done(worker); /* before it is told: whoever hears of it finds this thread free */
    pthread_mutex_unlock(&pool.lock);
    item->tell(item);
    return true;
}

LEASH__OWN_FRAME static void *worker_main(void *argument)
{
    struct worker *worker = self = argument;
    struct leash__pool_item *item;
    leash__own_thread_begin();
    name_thread();
    pthread_mutex_lock(&pool.lock);
    while ((item = next_item(worker))) {
        pthread_mutex_unlock(&pool.lock);
        if (!do_item(worker, item))
            return NULL; /* as the last thread it takes the child's process along: exit(0) */
        pthread_mutex_lock(&pool.lock);
    }
    bool detached = worker->detached;
    pthread_mutex_unlock(&pool.lock);
    if (detached)
        free(worker);
    leash__own_thread_end();
    return NULL;
}

/* ---- exit ---- */

static bool is_busy(void)
{
    for (struct leash__node *node = pool.workers.next; node != &pool.workers; node = node->next)
        if (worker_of(node)->item && !worker_of(node)->let_go && worker_of(node) != self)
            return true;
    return false;
}

static void wait_until_quiet(void)
{
    enum { NS_PER_S = 1000000000, MOST = 1000000000 };
    struct timespec until;
    double seconds = pool.patience < MOST ? pool.patience : MOST;
    clock_gettime(CLOCK_MONOTONIC, &until);
    long ns = until.tv_nsec + (long)((seconds - (double)(time_t)seconds) * NS_PER_S);
    until.tv_sec += (time_t)seconds + ns / NS_PER_S;
    until.tv_nsec = ns % NS_PER_S;
    int rc = 0;
    while (rc == 0 && is_busy())
        rc = pthread_cond_clockwait(&pool.quiet, &pool.lock, CLOCK_MONOTONIC, &until);
}

/* Splits the workers: those that end by themselves now, which go to `free`, and those that are left alone. */
static void dismiss(struct leash__node *free_ones)
{
    struct leash__node *node;
    while ((node = leash__list_pop(&pool.workers))) {
        struct worker *worker = worker_of(node);
        if (!worker->item && worker != self) {
            leash__list_append(free_ones, node);
            continue;
        }
        worker->detached = true;
        pthread_detach(worker->thread);
    }
    pool.count = pool.free = 0;
}

/* Called by exit(): begins no item any more, waits for those that are being done, and joins the threads. Handlers that
 * run later may use the pool anew. */
static void end(void)
{
    struct leash__node free_ones, *node;
    leash__list_init(&free_ones);
    pthread_mutex_lock(&pool.lock);
    pool.ending = true;
    pool.hooked = false;
    while (leash__list_pop(&pool.items)) /* their loops have them listed too */
        ;
    pool.waiting = 0;
    pthread_cond_broadcast(&pool.work);
    wait_until_quiet();
    dismiss(&free_ones);
    pthread_mutex_unlock(&pool.lock);
    while ((node = leash__list_pop(&free_ones))) {
        pthread_join(worker_of(node)->thread, NULL);
        free(worker_of(node));
    }
    pthread_mutex_lock(&pool.lock);
    pool.ending = false;
    pthread_mutex_unlock(&pool.lock);
}

/* ---- fork ---- */

static void before_fork(void)
{
    pthread_mutex_lock(&pool.lock);
}

static void after_fork_in_parent(void)
{
    pthread_mutex_unlock(&pool.lock);
}

static void after_fork_in_child(void)
{
    struct leash__node *node;
    self = NULL;
    while (leash__list_pop(&pool.items))
        ;
    while ((node = leash__list_pop(&pool.workers)))
        free(worker_of(node));
    pool.waiting = pool.free = pool.count = 0;
    pool.ending = false;
    pthread_cond_init(&pool.work, NULL);
    pthread_cond_init(&pool.quiet, NULL);
    pthread_mutex_unlock(&pool.lock);
}

static void watch_forks(void)
{
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* ---- for those who have items ---- */

int leash__pool_ready(unsigned most, double patience)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    pthread_mutex_lock(&pool.lock);
    pool.most = most ? most : default_most();
    pool.patience = patience;
    if (pool.waiting)
        pthread_cond_broadcast(&pool.work); /* more may be done at a time now */
    int rc = pool.ending ? -ESHUTDOWN : pool.count == 0 ? add_worker() : 0;
    if (!pool.hooked)
        pool.hooked = atexit(end) == 0;
    pthread_mutex_unlock(&pool.lock);
    return rc;
}

void leash__pool_put(struct leash__pool_item *item)
{
    pthread_mutex_lock(&pool.lock);
    leash__list_append(&pool.items, &item->node);
    pool.waiting++;
    add_if_short();
    pthread_cond_signal(&pool.work);
    pthread_mutex_unlock(&pool.lock);
}

bool leash__pool_take_back(struct leash__pool_item *item)
{
    pthread_mutex_lock(&pool.lock);
    bool waits = !leash__list_empty(&item->node);
    if (waits) {
        leash__list_remove(&item->node);
        pool.waiting--;
    }
    pthread_mutex_unlock(&pool.lock);
    return waits;
}

void leash__pool_let_go(struct leash__pool_item *item)
{
    pthread_mutex_lock(&pool.lock);
    for (struct leash__node *node = pool.workers.next; node != &pool.workers; node = node->next)
        if (worker_of(node)->item == item)
            worker_of(node)->let_go = true;
    if (pool.ending)
        pthread_cond_broadcast(&pool.quiet);
    pthread_mutex_unlock(&pool.lock);
}
