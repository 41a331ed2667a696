/* fuzz_fold [SEED [ROUNDS]]: good spools, changed at random, one seed a round. With FUZZ_VERBOSE in the environment
 * each round's seed is told before it runs, so that a failure can be run again: fuzz_fold SEED 1. */
#include "fuzz_fold.h"
#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t state;

static uint64_t next_random(void)
{
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return state >> 33;
}

static uint64_t *random_slot(const struct spool_maker *maker)
{
    const uint32_t segment = (uint32_t)(next_random() % maker->taken);
    return spool_slots(maker, segment) + next_random() % spool_slots_count(maker) * 3;
}

/* Changes one thing. */
static void mutate(const struct spool_maker *maker)
{
    uint64_t *slot = random_slot(maker);
    const uint64_t odd[] = {0, 1, 2, 0xff, 0xffffffff, 0xffffffffff, UINT64_MAX, 0x8000000000000000ull};
    switch (next_random() % 8) {
    case 0: /* a bit anywhere */
        maker->map[next_random() % maker->size] ^= (unsigned char)(1u << next_random() % 8);
        break;
    case 1: /* a bit of a header */
        maker->map[next_random() % sizeof(struct leash_spool_header)] ^= (unsigned char)(1u << next_random() % 8);
        break;
    case 2: { /* a segment's header */
        unsigned char *header = (void *)spool_segment(maker, (uint32_t)(next_random() % maker->segments));
        memcpy(header + next_random() % 7 * 8, &odd[next_random() % 8], 8);
        break;
    }
    case 3: /* another kind */
        *slot = (*slot & ~0xff00000000ull) | next_random() % (LEASH_EV_COUNT + 2) << 32;
        break;
    case 4: /* an event once more, or instead of another */
        memcpy(slot, random_slot(maker), LEASH_SLOT_SIZE);
        break;
    case 5: /* an odd number */
        slot[1 + next_random() % 2] = odd[next_random() % 8];
        break;
    case 6: /* another small id */
        slot[1 + next_random() % 2] = next_random() % 8 << 24 | next_random() % 8;
        break;
    default: /* not written yet */
        *slot &= 0xffffffffff;
    }
}

static void run_round(uint64_t seed)
{
    state = seed * 0x9e3779b97f4a7c15ull;
    struct spool_maker *maker = spool_maker_new(12, 60 + (uint32_t)(next_random() % 200));
    scenario_all_kinds(maker);
    scenario_many(maker, 2, 100, 12);
    scenario_many(maker, 3, 4, 12); /* the same ids again */
    for (uint64_t changes = next_random() % 60; changes > 0; changes--)
        mutate(maker);
    size_t size = maker->size;
    if (next_random() % 10 == 0)
        size = next_random() % size;
    LLVMFuzzerTestOneInput(maker->map, size);
    spool_maker_free(maker);
}

int main(int argc, char **argv)
{
    const uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : (uint64_t)time(NULL);
    const uint64_t rounds = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;
    setbuf(stdout, NULL);
    printf("fuzz_fold: seeds %llu to %llu\n", (unsigned long long)seed, (unsigned long long)(seed + rounds - 1));
    for (uint64_t i = 0; i < rounds; i++) {
        if (getenv("FUZZ_VERBOSE"))
            fprintf(stderr, "seed %llu\n", (unsigned long long)(seed + i));
        run_round(seed + i);
    }
    return 0;
}
