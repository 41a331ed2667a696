/* The addresses that a host has for streams. */
#ifndef LEASH_IO_LOOKUP_H
#define LEASH_IO_LOOKUP_H

#include <sys/socket.h>

#include "reactor.h"

struct leash__task;

struct leash__addresses {
    size_t count;
    struct sockaddr_storage at[];
};

/* The addresses of a host for stream sockets, in the order of getaddrinfo(3); at least one. Suspends, but not for what
 * is written in digits. `host` NULL or "": all of this machine, to listen at. 0: the caller frees *addresses. What
 * leash/names.h lists; said as errors of `call`. */
int leash__addresses_of(struct leash__reactor *reactor, const char *host, int port, const char *call,
                        struct leash_site *site, struct leash__addresses **addresses);

#endif
