/* Runs the program under test and keeps what it said. */
#ifndef LEASH_TEST_COMMAND_H
#define LEASH_TEST_COMMAND_H

#include <sys/types.h>

struct said {
    int code; /* exit code, or 128+n */
    char out[65536], err[16384];
};

/* leash with these arguments, NULL after the last, in `dir`. */
void leash_says(struct said *said, const char *dir, const char *const *arguments);
/* Starts it; command_wait() ends it. */
pid_t leash_start(const char *dir, const char *const *arguments);
void leash_wait(pid_t pid, const char *dir, struct said *said);

#define SAYS(said, fixture, ...) leash_says((said), (fixture)->dir, (const char *const[]){__VA_ARGS__, NULL})

#endif
