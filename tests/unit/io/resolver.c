#include "resolver.h"

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t let_go = PTHREAD_COND_INITIALIZER;
static bool hold; /* by lock, as all that follows */
static unsigned held, asked;
static int eai = EAI_FAIL;

void resolver_fails_with(int error)
{
    pthread_mutex_lock(&lock);
    eai = error;
    pthread_mutex_unlock(&lock);
}

void resolver_hold(void)
{
    pthread_mutex_lock(&lock);
    hold = true;
    asked = 0;
    pthread_mutex_unlock(&lock);
}

void resolver_let_go(void)
{
    pthread_mutex_lock(&lock);
    hold = false;
    pthread_cond_broadcast(&let_go);
    pthread_mutex_unlock(&lock);
}

static unsigned read_count(const unsigned *count)
{
    pthread_mutex_lock(&lock);
    unsigned value = *count;
    pthread_mutex_unlock(&lock);
    return value;
}

unsigned resolver_holds(void)
{
    return read_count(&held);
}

unsigned resolver_asked(void)
{
    return read_count(&asked);
}

static void be_held(void)
{
    pthread_mutex_lock(&lock);
    held++;
    while (hold)
        pthread_cond_wait(&let_go, &lock);
    held--;
    pthread_mutex_unlock(&lock);
}

static int failure(void)
{
    pthread_mutex_lock(&lock);
    int error = eai;
    pthread_mutex_unlock(&lock);
    errno = ENETDOWN;
    return error;
}

static int library(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **)&next = dlsym(RTLD_NEXT, "getaddrinfo");
    return next(host, service, hints, found);
}

/* Interposed: libuv's calls come here too. */
__attribute__((visibility("default"))) int getaddrinfo(const char *host, const char *service,
                                                       const struct addrinfo *hints, struct addrinfo **found)
{
    static const struct timespec some_time = {0, 5000000};
    const char *dot = host ? strchr(host, '.') : NULL;
    if (!dot || strcmp(dot, ".test") != 0 || (hints && hints->ai_flags & AI_NUMERICHOST))
        return library(host, service, hints, found);
    pthread_mutex_lock(&lock);
    asked++;
    pthread_mutex_unlock(&lock);
    if (strcmp(host, "fails.test") == 0)
        return failure();
    if (strcmp(host, "held.test") == 0)
        be_held();
    if (strcmp(host, "slow.test") == 0)
        nanosleep(&some_time, NULL);
    return library("127.0.0.1", service, hints, found);
}
