/* What the load does at random, and the bytes that it sends: splitmix64 (Steele, Lea, Flood 2014). */
#ifndef SOAK_RANDOM_H
#define SOAK_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint64_t random_mix(uint64_t z)
{
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

static inline uint64_t random_next(uint64_t *state)
{
    return random_mix(*state += 0x9e3779b97f4a7c15ull);
}

/* From low to high, both included. */
static inline uint64_t random_in(uint64_t *state, uint64_t low, uint64_t high)
{
    return low + random_next(state) % (high - low + 1);
}

static inline bool random_chance(uint64_t *state, unsigned percent)
{
    return random_next(state) % 100 < percent;
}

/* 1 to 2^bits: small ones as often as large ones. */
static inline size_t random_size(uint64_t *state, unsigned bits)
{
    uint64_t top = 1ull << random_in(state, 0, bits);
    return (size_t)random_in(state, top / 2 + 1, top);
}

/* The byte at a position of the text that belongs to a key: another one in every place, for every key. */
static inline unsigned char pattern_byte(uint64_t key, uint64_t position)
{
    return (unsigned char)(random_mix(key + (position / 8 + 1) * 0x9e3779b97f4a7c15ull) >> position % 8 * 8);
}

void pattern_fill(uint64_t key, uint64_t position, unsigned char *data, size_t n);
/* How many bytes are right, from the first on. */
size_t pattern_check(uint64_t key, uint64_t position, const unsigned char *data, size_t n);

#endif
