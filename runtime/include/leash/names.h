/* Names of hosts and services, looked up without holding the loop up: asyncio's loop.getaddrinfo and loop.getnameinfo.
 * Arguments and results are those of getaddrinfo(3) and getnameinfo(3). The looking up is done on libuv's threads
 * (four, or UV_THREADPOOL_SIZE; half of them at a time). A task that is cancelled does not wait for the answer, which
 * is thrown away then; the end of the run does, as asyncio.run waits for its executor. While a task waits for an answer
 * the virtual clock does not jump. All: the loop's thread.
 *
 * Errors of the resolver become errnos; leash_last_error() tells the name, and gai_strerror's words:
 *   -ENXIO         there is no such host, or it has no address of this family
 *   -EAGAIN        the name servers did not answer; perhaps they will later
 *   -EREMOTEIO     the name servers failed for good
 *   -EPROTONOSUPPORT  no such service for the type of socket
 *   -EAFNOSUPPORT, -ESOCKTNOSUPPORT  hints: no such family, type of socket
 *   -EINVAL        hints or flags that make no sense; neither a host nor a service; a host's name that none can have
 *   -EOVERFLOW     a name is longer than there is room for
 *   -ENOMEM; and whatever errno the system had */
#ifndef LEASH_NAMES_H
#define LEASH_NAMES_H

#include <leash/site.h>
#include <netdb.h>
#include <stddef.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

struct addrinfo; /* netdb.h has it only if asked for POSIX */

/* leash_getaddrinfo(host, service, hints, found): the addresses of a host, service, or both; `host` or `service`, and
 * `hints`, may be NULL. Suspends, but not for what is written in digits. 0: *found is a list for freeaddrinfo(3).
 * -ECANCELED; -EPERM not inside a task; -EMFILE; and as above. *found is untouched then. */
#define leash_getaddrinfo(host, service, hints, found)                                                                 \
    leash__getaddrinfo((host), (service), (hints), (found), LEASH_SITE("leash_getaddrinfo"))
/* leash_getnameinfo(address, length, host, host_size, service, service_size, flags): the names of an address of family
 * AF_INET or AF_INET6, into the caller's memory; one of them may be NULL. Suspends, but not where only digits are asked
 * for (NI_NUMERICHOST, NI_NUMERICSERV). 0; -EINVAL both are NULL; -EAFNOSUPPORT another family, or length is too short
 * for it; and as above. The texts are untouched then. */
#define leash_getnameinfo(address, length, host, host_size, service, service_size, flags)                              \
    leash__getnameinfo((address), (length), (host), (host_size), (service), (service_size), (flags),                   \
                       LEASH_SITE("leash_getnameinfo"))

/* leash_address_parse("127.0.0.1", 80, &address): an address that is written in digits. Never suspends; any thread. 0;
 * -EINVAL it is not, or the port is not from 0 to 65535: *address is untouched. */
LEASH_API int leash_address_parse(const char *host, int port, struct sockaddr_storage *address);
/* "127.0.0.1:80", "[::1]:80", "/tmp/socket"; "" one without a name. As snprintf: how long it is, cut to size. Never
 * suspends; any thread. */
LEASH_API int leash_address_text(const struct sockaddr_storage *address, char *text, size_t size);

LEASH_API int leash__getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
                                 struct addrinfo **found, struct leash_site *site);
LEASH_API int leash__getnameinfo(const struct sockaddr *address, socklen_t length, char *host, socklen_t host_size,
                                 char *service, socklen_t service_size, int flags, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
