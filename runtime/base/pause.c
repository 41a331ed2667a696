#include "pause.h"

static uint64_t begun, ended; /* atomic */

void leash__pause_begin(void)
{
    __atomic_fetch_add(&begun, 1, __ATOMIC_SEQ_CST);
}

void leash__pause_end(void)
{
    __atomic_fetch_add(&ended, 1, __ATOMIC_SEQ_CST);
}

bool leash__paused_since(uint64_t *seen)
{
    uint64_t over = __atomic_load_n(&ended, __ATOMIC_SEQ_CST), all = __atomic_load_n(&begun, __ATOMIC_SEQ_CST);
    bool paused = over != all || all != *seen;
    *seen = all;
    return paused;
}
