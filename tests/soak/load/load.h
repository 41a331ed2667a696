/* The load: many connections to one port, each of which does something else at random.
 *
 *     load (load.c) -- keeps so many open --> peer (peer.c) -- says what, expects what --> speech (echo.c, http.c)
 *
 * It is no program on leash: it must not share a mistake with what it tests. */
#ifndef SOAK_LOAD_H
#define SOAK_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "random.h"

/* What a connection has in mind. */
#define PLANS(X)                                                                                                       \
    X(TOUCH, touched)      /* closes as soon as it is connected */                                                     \
    X(RESET, reset)        /* resets in the middle */                                                                  \
    X(DROP, dropped)       /* closes in the middle, whatever still comes */                                            \
    X(HALF, half_closed)   /* says all, tells that it is all, and reads to the end */                                  \
    X(CLOSE, closed)       /* says all, and closes when all is answered */                                             \
    X(SILENT, were_silent) /* the same, but says nothing for a while first, and afterwards */                          \
    X(DEAF, did_not_read)  /* says much and reads nothing of what is answered, for a while */                          \
    X(RUDE, were_rude)     /* breaks the rules, and is told so (HTTP) */
enum plan {
#define PLAN(name, counted) PLAN_##name,
    PLANS(PLAN)
#undef PLAN
        PLANS
};

struct http_state {
    uint64_t saying;      /* which request is being sent, */
    uint64_t said_before; /* at which position it begins, */
    size_t count;         /* and how many there are */
    uint64_t expecting;   /* which one's answer is being read, */
    uint64_t body_left;   /* how much of its body is to come, while in_body, */
    uint64_t body_at;     /* and how much came */
    bool in_body, refused;
    unsigned head_length; /* bytes of the head that came so far */
    char head[400];
};

struct peer {
    int fd; /* -1: none */
    enum plan plan;
    uint64_t key;    /* all that it says follows from it */
    uint64_t random; /* state */
    unsigned events; /* what epoll waits for */
    bool connected, blocked /* the socket takes no more */, deaf, mute /* says no more: the other side is gone */, over;
    uint64_t total;   /* what it will say, in bytes; of that: */
    uint64_t allowed; /* may be said by now, */
    uint64_t sent;    /* was sent, */
    uint64_t cut_at;  /* and here it has enough (RESET, DROP) */
    uint64_t received;
    int64_t wake;     /* when something is due, in ms; INT64_MAX: nothing is */
    int64_t progress; /* when something last came or went */
    struct http_state http;
};

/* What is said over a connection, and what must come back. */
struct speech {
    const char *name;
    /* Decides what will be said: sets total. */
    void (*begin)(struct peer *peer);
    /* What comes next, at peer->sent: up to n bytes. How many, 1 at least. */
    size_t (*say)(struct peer *peer, unsigned char *data, size_t n);
    /* Looks at what came, at peer->received. NULL: right; else what is wrong. */
    const char *(*hear)(struct peer *peer, const unsigned char *data, size_t n);
    /* All that was sent is answered. */
    bool (*is_answered)(const struct peer *peer);
};
extern const struct speech speech_echo, speech_http;

struct load {
    const struct speech *speech;
    int port;
    size_t connections; /* to keep open */
    double seconds;
    uint64_t seed;
    double patience; /* seconds without any progress: stuck */

    int epoll;
    struct peer *peers;
    size_t open, opening; /* opening: of those open, not connected yet */
    size_t most;          /* the most that were open at a time */
    uint64_t opened;      /* so far; the number that a connection's key is made of */
    int64_t now;          /* ms */
    bool ending;          /* opens no more; those that have finished stay, until the server closes them */
    struct {
        uint64_t connected, sent, received, exchanges;
        uint64_t ended[PLANS];
        uint64_t cut;  /* ended by the server, before their time */
        uint64_t kept; /* ended by the server, when all was done: at the end */
        uint64_t wrong, stuck;
    } count;
};

/* Opens one in this place. False: none can be opened now. */
bool peer_open(struct load *load, struct peer *peer);
/* What epoll tells of it. */
void peer_ready(struct load *load, struct peer *peer, unsigned events);
/* What is due by now; and whether it is stuck. */
void peer_tick(struct load *load, struct peer *peer);
/* It has done all that it will, and waits for the server to close. */
bool peer_is_kept(const struct load *load, const struct peer *peer);

#endif
