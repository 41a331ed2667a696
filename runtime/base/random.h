/* A small seeded generator for the shuffled ready queue: splitmix64 (Steele, Lea, Flood 2014). */
#ifndef LEASH_BASE_RANDOM_H
#define LEASH_BASE_RANDOM_H

#include <stdint.h>

static inline uint64_t leash__random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ull);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

/* 0 to bound - 1; the bias is below 2^-32 for bounds that fit a queue. */
static inline uint64_t leash__random_below(uint64_t *state, uint64_t bound)
{
    return (uint64_t)(__extension__(unsigned __int128) leash__random(state) * bound >> 64);
}

#endif
