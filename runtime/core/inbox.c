#include "inbox.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "types.h"

int leash__inbox_open(struct leash__inbox *inbox)
{
    if (inbox->bell >= 0)
        return 0;
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0)
        return -errno;
    inbox->bell = fd;
    return 0;
}

void leash__inbox_close(struct leash__inbox *inbox)
{
    if (inbox->bell >= 0)
        close(inbox->bell);
    inbox->bell = -1;
}

void leash__inbox_ring(struct leash__inbox *inbox)
{
    const uint64_t one = 1;
    int saved = errno;
    if (__atomic_exchange_n(&inbox->rung, true, __ATOMIC_SEQ_CST))
        return; /* it rings already */
    while (write(inbox->bell, &one, sizeof one) < 0 && errno == EINTR)
        ;
    errno = saved;
}

/* Silent before the letters are taken: what comes later rings anew. */
static void silence(struct leash__inbox *inbox)
{
    uint64_t count;
    while (read(inbox->bell, &count, sizeof count) < 0 && errno == EINTR)
        ;
    __atomic_store_n(&inbox->rung, false, __ATOMIC_SEQ_CST);
}

static struct leash__letter *take_all(struct leash__inbox *inbox)
{
    struct leash__letter *newest = __atomic_exchange_n(&inbox->letters, NULL, __ATOMIC_ACQUIRE), *oldest = NULL;
    while (newest) {
        struct leash__letter *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    return oldest;
}

void leash__inbox_empty(struct leash__inbox *inbox, struct leash__loop *loop)
{
    silence(inbox);
    struct leash__letter *letter = take_all(inbox), *next;
    for (; letter; letter = next) {
        next = letter->next;
        letter->deliver(letter, loop);
    }
}

static void put(struct leash__inbox *inbox, struct leash__letter *letter)
{
    letter->next = __atomic_load_n(&inbox->letters, __ATOMIC_RELAXED);
    while (
        !__atomic_compare_exchange_n(&inbox->letters, &letter->next, letter, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
        ;
    leash__inbox_ring(inbox);
}

/* ---- loops, as others know them ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct leash__loop *known; /* by lock */

int leash__loop_expose(struct leash__loop *loop)
{
    int rc = leash__inbox_open(&loop->inbox);
    if (rc < 0 || loop->is_known)
        return rc;
    pthread_mutex_lock(&lock);
    loop->is_known = true;
    loop->plain = false;
    loop->next_known = known;
    known = loop;
    pthread_mutex_unlock(&lock);
    return 0;
}

void leash__loop_withdraw(struct leash__loop *loop)
{
    if (!loop->is_known)
        return;
    pthread_mutex_lock(&lock);
    struct leash__loop **at = &known;
    while (*at && *at != loop)
        at = &(*at)->next_known;
    if (*at)
        *at = loop->next_known;
    loop->is_known = false;
    pthread_mutex_unlock(&lock);
    leash__inbox_empty(&loop->inbox, NULL);
}

int leash__loop_post(uint64_t id, struct leash__letter *letter)
{
    int rc = -ESTALE;
    pthread_mutex_lock(&lock);
    for (struct leash__loop *loop = known; loop; loop = loop->next_known) {
        if (loop->id != id)
            continue;
        put(&loop->inbox, letter);
        rc = 0;
        break;
    }
    pthread_mutex_unlock(&lock);
    return rc;
}

bool leash__loop_ring(uint64_t id)
{
    pthread_mutex_lock(&lock);
    struct leash__loop *loop = known;
    while (loop && loop->id != id)
        loop = loop->next_known;
    if (loop)
        leash__inbox_ring(&loop->inbox);
    pthread_mutex_unlock(&lock);
    return loop != NULL;
}

void leash__loops_lock(void)
{
    pthread_mutex_lock(&lock);
}

void leash__loops_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

void leash__loops_forget_all(void)
{
    known = NULL;
}
