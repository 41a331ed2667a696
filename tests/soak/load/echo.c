/* Every byte comes back. */
#include "load.h"

enum { SMALL = 15, MUCH = 20 /* bits */ };

static void begin(struct peer *peer)
{
    peer->total = random_size(&peer->random, peer->deaf ? MUCH : SMALL);
    if (peer->plan == PLAN_RUDE)
        peer->plan = PLAN_CLOSE;
}

static size_t say(struct peer *peer, unsigned char *data, size_t n)
{
    pattern_fill(peer->key, peer->sent, data, n);
    return n;
}

static const char *hear(struct peer *peer, const unsigned char *data, size_t n)
{
    if (peer->received + n > peer->sent)
        return "more came back than was sent";
    return pattern_check(peer->key, peer->received, data, n) < n ? "a wrong byte" : NULL;
}

static bool is_answered(const struct peer *peer)
{
    return peer->received == peer->sent;
}

const struct speech speech_echo = {"echo", begin, say, hear, is_answered};
