/* Failure codes: a script's CODE may be any word, a body fails with a negative errno. Each CODE gets an errno of its
 * own, above those that the system uses; its text is the failure's message. */
#ifndef LEASH_SCRIPT_CODES_H
#define LEASH_SCRIPT_CODES_H

#include "arena.h"
#include <stdbool.h>

#define CODES_FIRST 1000
#define CODES_MAX   (4096 - CODES_FIRST)

struct codes {
    struct arena *arena;
    const char **texts; /* by errno - CODES_FIRST; valid below given */
    size_t given;       /* how many were given */
};

/* The negative errno of a CODE. When there are more than CODES_MAX, the oldest give theirs away: then only the message
 * tells them apart. */
int codes_number(struct codes *codes, const char *text);
bool codes_is(int rc);
/* The CODE of a negative errno, "?" if it is none. Lives as long as the arena. */
const char *codes_text(const struct codes *codes, int rc);

#endif
