/* A program that records, and its trace while it runs. Failures assert. */
#ifndef LEASH_TEST_WATCHED_H
#define LEASH_TEST_WATCHED_H

#include <stdbool.h>
#include <sys/types.h>

struct watched {
    char folder[64], trace[80];
    pid_t pid;    /* 0: it has ended */
    int to, from; /* its standard input and output */
};

/* Starts `program` with options (of LEASH_OPTIONS; "" for none) and a trace in a folder of its own. */
void watched_start(struct watched *watched, const char *program, const char *options);
/* The first column of the first row, as text; "" while there is no trace yet. Valid until the next call. */
const char *watched_ask(const struct watched *watched, const char *sql);
/* Until the answer is `expected`, for half a minute at most: true. */
bool watched_becomes(const struct watched *watched, const char *sql, const char *expected);
/* Sends the signal (0: closes its input), and waits for the end of the program. Its exit code, or 1000 + the signal. */
int watched_end(struct watched *watched, int signal);
/* Ends it, if it has not ended, and removes the folder. */
void watched_clean(struct watched *watched);

#endif
