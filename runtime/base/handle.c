#include "handle.h"

#include <pthread.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

struct leash__handle_secret leash__handle_secret;

static uint64_t draw(void)
{
    uint64_t bits;
    if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) == (ssize_t)sizeof bits)
        return bits;
    /* Early boot, or a sandbox: the secret keeps stray words apart, it guards nothing. */
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return ((uint64_t)now.tv_nsec * 0x9e3779b97f4a7c15ull) ^ ((uint64_t)getpid() << 20) ^ (uint64_t)now.tv_sec;
}

static void draw_secrets(void)
{
    struct leash__handle_secret *secret = &leash__handle_secret;
    secret->multiplier = (draw() | 1) & LEASH__MASK48;
    uint64_t inverse = secret->multiplier; /* Newton: correct in 3 bits, doubled by each step */
    for (int i = 0; i < 5; i++)
        inverse *= 2 - secret->multiplier * inverse;
    secret->inverse = inverse & LEASH__MASK48;
    secret->key = draw() & LEASH__MASK48;
    /* 0x8xxx to 0xdxxx: no user address, no kernel address, no ASCII; one apart, so that kinds never meet. */
    secret->tag = (uint16_t)(0x8000 + draw() % 0x5000);
}

void leash__handle_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, draw_secrets);
}
