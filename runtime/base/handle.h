/* Handles: the opaque values that programs hold. 16 bits of tag (the kind), 48 bits of a secret permutation of (slot,
 * generation), so that no address, text or small number looks like one: a random word decodes to a live one of a
 * million with probability 2^-44. The secrets are drawn once a process. */
#ifndef LEASH_BASE_HANDLE_H
#define LEASH_BASE_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

#define LEASH__SLOT_BITS   24
#define LEASH__SLOTS       (1u << LEASH__SLOT_BITS)
#define LEASH__GENERATIONS (1u << 24)

enum leash__handle_kind {
    LEASH__HANDLE_CORO,
    LEASH__HANDLE_TASK,
    LEASH__HANDLE_FUTURE,
    LEASH__HANDLE_CALLBACK,
    LEASH__HANDLE_TIMEOUT,
    LEASH__HANDLE_OBJECT,
    LEASH__HANDLE_LOOP,
    LEASH__HANDLE_KINDS
};

struct leash__handle_secret {
    uint64_t multiplier, inverse; /* odd, modulo 2^48 */
    uint64_t key;
    uint16_t tag; /* of the first kind; those of the others follow it */
};
extern struct leash__handle_secret leash__handle_secret;

/* Draws the secrets; the first call counts. Any thread. */
void leash__handle_init(void);

#define LEASH__MASK48 0xffffffffffffull

static inline uint64_t leash__handle_encode(enum leash__handle_kind kind, uint32_t slot, uint32_t generation)
{
    const struct leash__handle_secret *secret = &leash__handle_secret;
    uint64_t x = ((uint64_t)slot << 24 | generation) ^ secret->key;
    x = x * secret->multiplier & LEASH__MASK48;
    x ^= x >> 24;
    return (uint64_t)(secret->tag + (unsigned)kind) << 48 | x;
}

/* False if the tag is none of ours. */
static inline bool leash__handle_decode(uint64_t handle, enum leash__handle_kind *kind, uint32_t *slot,
                                        uint32_t *generation)
{
    const struct leash__handle_secret *secret = &leash__handle_secret;
    unsigned k = (unsigned)(handle >> 48) - secret->tag;
    if (k >= LEASH__HANDLE_KINDS)
        return false;
    uint64_t x = handle & LEASH__MASK48;
    x ^= x >> 24;
    x = (x * secret->inverse & LEASH__MASK48) ^ secret->key;
    *kind = (enum leash__handle_kind)k;
    *slot = (uint32_t)(x >> 24);
    *generation = (uint32_t)(x & 0xffffff);
    return true;
}

#endif
