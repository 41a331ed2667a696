/* Questions to the resolver, answered on libuv's threads. A task that no longer waits leaves its question's request to
 * itself: libuv keeps it until it has the answer.
 *
 *        question (a waitable, the task's) <---> request (libuv's until it is answered, then the question's) */
#ifndef LEASH_IO_QUESTION_H
#define LEASH_IO_QUESTION_H

#include <netdb.h>

#include "reactor.h"
#include "waitable.h"

enum { LEASH__QUESTION_TEXT = NI_MAXHOST + NI_MAXSERV }; /* "host:service" */

struct leash__question {
    struct leash__waitable base; /* its name is the text */
    struct leash__node waiters;
    struct leash__request *request;
};

struct leash__request {
    union {
        uv_req_t any;
        uv_getaddrinfo_t addresses;
        uv_getnameinfo_t names;
    } uv;
    struct leash__loop *loop;
    struct leash__question *question; /* NULL: nobody waits any more */
    bool answered;
    int status;             /* valid when answered: libuv's */
    struct addrinfo *found; /* likewise; NULL: none */
};

/* A question with a request for libuv. NULL: no memory; said as an error of `call`. */
struct leash__question *leash__question_new(struct leash__loop *loop, const char *text, const char *call,
                                            struct leash_site *site);
/* libuv's callbacks. */
void leash__question_addresses(uv_getaddrinfo_t *uv, int status, struct addrinfo *found);
void leash__question_names(uv_getnameinfo_t *uv, int status, const char *host, const char *service);
/* Waits for the answer to a request that libuv took with this status. 0: it is there. Else -ECANCELED, or why there is
 * none, which is said. */
int leash__question_wait(struct leash__question *question, int status, const char *call, struct leash_site *site);
/* The task has no more to do with it. */
void leash__question_end(struct leash__question *question, int code);

/* libuv's name for what getaddrinfo(3) or getnameinfo(3) answered. */
int leash__question_status(int eai);
/* Says what a status means, and returns the errno that it becomes (leash/names.h). */
int leash__question_refuse(int status, const char *call, const char *text);

#endif
