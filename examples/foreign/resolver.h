/* c-ares, a library that calls back, as calls that wait: names of hosts, looked up by tasks of leash.
 *
 * A library of this kind wants four things of its loop, and gets them so:
 *   its sockets watched    ARES_OPT_SOCK_STATE_CB       leash_add_reader, leash_add_writer
 *   to be called in time   ares_timeout                 leash_call_later
 *   to call back           ares_addrinfo_callback       leash_future_set_result, which a task awaits
 *   to be left alone       a query cannot be recalled   it is shared by who asks and c-ares; the last one frees it
 *
 * c-ares reads the real clock, so the virtual one is of no use here. All: the loop's thread. */
#ifndef RESOLVER_H
#define RESOLVER_H

#include <netinet/in.h>

struct resolver;

/* A resolver that asks the given servers ("127.0.0.1:5353,[::1]:53"), up to twice, and waits for `seconds` the first
 * time and twice that the second. Never suspends. 0; -EINVAL servers; -ENOMEM, -EMFILE. */
int resolver_open(const char *servers, double seconds, struct resolver **out);
/* Whoever still asks is told -EBADF. NULL is fine. Never suspends. */
void resolver_close(struct resolver *resolver);

/* The first IPv4 address of a host. Suspends; any number of tasks may ask at the same time. 0; -ENXIO there is no such
 * host, or it has none; -ETIMEDOUT no server answered; -EREMOTEIO what they answered is of no use; -EBADF the resolver
 * was closed; -ECANCELED; -ENOMEM. *address is untouched on failure, and never written to later. */
int resolver_ask(struct resolver *resolver, const char *name, struct in_addr *address);

/* How many queries ended when nobody waited for them any more. */
unsigned resolver_late(const struct resolver *resolver);

#endif
