/* A stream whose other end is a plain descriptor of the test. */
#ifndef LEASH_TEST_PEER_H
#define LEASH_TEST_PEER_H

#include <leash.h>
#include <stdbool.h>

#include "sink.h"

/* One end for the stream, one for the test; -1: closed. */
struct peer {
    int inside, outside;
    leash_stream_t stream;
    int rc[8];
    char text[512]; /* what happened, a word each */
};

/* cmocka's: a socketpair. */
int peer_setup(void **state);
int peer_teardown(void **state);
/* Runs fn(peer) on the real clock, with the stream made; what it leaves open is closed by the end of the loop. */
int peer_run(leash_fn_t fn, struct peer *peer);
int run_really(leash_fn_t fn, void *arg);

/* The test's end; they abort where they fail. */
void peer_send(const struct peer *peer, const char *text);
void peer_close(struct peer *peer);
/* Reads what is there into text[size]; how much. */
size_t peer_receive(const struct peer *peer, char *text, size_t size);
/* Notes a word. */
void peer_note(struct peer *peer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Lets the other tasks go on, and the loop look at its descriptors, until `done` says so or very many turns were
 * taken: then -ETIME. */
int turn_until(bool (*done)(void *arg), void *arg);
/* Takes as many turns as the loop needs for a look at its descriptors, and some more. */
void look_around(void);

#endif
