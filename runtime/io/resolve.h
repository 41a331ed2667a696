/* Addresses of hosts and services: getaddrinfo(3) without holding the loop up. */
#ifndef LEASH_IO_RESOLVE_H
#define LEASH_IO_RESOLVE_H

#include <netdb.h>

#include "reactor.h"

/* getaddrinfo(3) for a task of the reactor's loop. Suspends, but not for what is written in digits. 0 and *found, for
 * freeaddrinfo; -ECANCELED; what leash/names.h lists. Said as an error of `call`. */
int leash__resolve(struct leash__reactor *reactor, const char *host, const char *service, const struct addrinfo *hints,
                   const char *call, struct leash_site *site, struct addrinfo **found);

#endif
