/* UDP: datagrams from and to a socket. asyncio's loop.create_datagram_endpoint, as calls that wait instead of
 * callbacks.
 *
 *     leash_udp_t udp = leash_udp_open("127.0.0.1", 5353, NULL, 0);
 *     struct sockaddr_storage from;
 *     char data[1500];
 *     int n = leash_udp_recvfrom(udp, data, sizeof data, &from);
 *     if (n >= 0)
 *         leash_udp_sendto(udp, data, (size_t)n, &from);
 *     leash_udp_close(udp);
 *
 * Datagrams wait in the kernel, whose buffer is bounded (SO_RCVBUF: leash_udp_fd); what does not fit in there is lost,
 * as with UDP anything may be. A task takes one when it runs: a receive that is cancelled or timed out loses none. Any
 * number of tasks may receive and send; those that wait do so in order. What a connected socket learns of a datagram
 * that it sent before (-ECONNREFUSED) is told to whoever receives or sends next, once, and the socket goes on.
 *
 * All: the thread of the socket's loop (-EPERM otherwise). -EBADF: it is closed; -EINVAL: it never was a socket. Each
 * socket is an object in the trace ("udp 127.0.0.1:5353"); one that is open when its loop ends is told of as left
 * open. */
#ifndef LEASH_UDP_H
#define LEASH_UDP_H

#include <leash/site.h>
#include <stddef.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_udp_ *leash_udp_t;

/* leash_udp_open(local_host, local_port, remote_host, remote_port): a socket that receives at the local address; host
 * NULL: at any of this machine (of IPv4, or of the remote's family; "::" is both), port 0: one that the system chooses.
 * remote_host NULL: it talks to everybody; else it sends there, and receives from there only. Hosts are names or
 * addresses; suspends for names only; all addresses of the remote are tried in turn, each with the local ones of its
 * family. NULL and errno (valid right after the call): EADDRINUSE, EADDRNOTAVAIL, EACCES, ENETUNREACH, ...: what the
 * first failed with; EAFNOSUPPORT the two have no family in common; EINVAL a port that is none, or a remote port
 * without a host; what leash/names.h lists; ECANCELED; EPERM not inside a task; EMFILE, ENFILE, ENOMEM. */
#define leash_udp_open(local_host, local_port, remote_host, remote_port)                                               \
    leash__udp_open((local_host), (local_port), (remote_host), (remote_port), 0, LEASH_SITE("leash_udp_open"))
/* leash_udp_open_with(local_host, local_port, remote_host, remote_port, flags): the same with some of LEASH_UDP_. */
#define leash_udp_open_with(local_host, local_port, remote_host, remote_port, flags)                                   \
    leash__udp_open((local_host), (local_port), (remote_host), (remote_port), (flags),                                 \
                    LEASH_SITE("leash_udp_open_with"))
enum {
    /* It may send to broadcast addresses. A remote is then only where leash_udp_send() sends: answers come from
     * everybody. */
    LEASH_UDP_BROADCAST = 1,
    /* Several sockets, of this user, may have the same local address; the kernel deals out what comes (SO_REUSEPORT).
     */
    LEASH_UDP_REUSEPORT = 2
};

/* leash_udp_recvfrom(udp, buffer, n, from): the next datagram, and whose it is (struct sockaddr_storage *, or NULL);
 * suspends while there is none, and only then. Returns how long the datagram is, which may be 0: if that is more than
 * n, it was cut and the rest is lost. -ECANCELED; -EBADF it is closed, perhaps meanwhile; -ECONNREFUSED, -EHOSTUNREACH,
 * ...: see above; -EPERM not inside a task. Outputs are untouched on failure. */
#define leash_udp_recvfrom(udp, buffer, n, from)                                                                       \
    leash__udp_recvfrom((udp), (buffer), (n), (from), LEASH_SITE("leash_udp_recvfrom"))
/* The same, whoever sent it. */
#define leash_udp_recv(udp, buffer, n)                                                                                 \
    leash__udp_recvfrom((udp), (buffer), (n), (struct sockaddr_storage *)0, LEASH_SITE("leash_udp_recv"))
/* leash_udp_sendto(udp, data, n, to): sends a datagram (const struct sockaddr_storage *); suspends while the kernel has
 * no room for it, and only then. 0: it is on its way; -EMSGSIZE it is too long; -EISCONN, -EAFNOSUPPORT `to` is not for
 * this socket; -EACCES it is for a broadcast address, and LEASH_UDP_BROADCAST was not given; -EDESTADDRREQ `to` is
 * NULL, and there is no remote; else as recvfrom: it was not sent. */
#define leash_udp_sendto(udp, data, n, to) leash__udp_sendto((udp), (data), (n), (to), LEASH_SITE("leash_udp_sendto"))
/* The same, to the remote. */
#define leash_udp_send(udp, data, n)                                                                                   \
    leash__udp_sendto((udp), (data), (n), (const struct sockaddr_storage *)0, LEASH_SITE("leash_udp_send"))

/* Closes it; who waits is told -EBADF. 0, also if it was closed before; -EINVAL, -EPERM. */
LEASH_API int leash_udp_close(leash_udp_t udp);

/* The local port. -EBADF, -EINVAL, -EPERM. */
LEASH_API int leash_udp_port(leash_udp_t udp);
/* Both ends as text: "127.0.0.1:80", "[::1]:80". As snprintf: how long it is, cut to size. -ENOTCONN there is no
 * remote; -EBADF, -EINVAL, -EPERM. */
LEASH_API int leash_udp_sockname(leash_udp_t udp, char *text, size_t size);
LEASH_API int leash_udp_peername(leash_udp_t udp, char *text, size_t size);
/* The descriptor, for setsockopt(2): multicast groups, buffer sizes, ...; valid until it is closed, not to be closed or
 * made blocking. -EBADF, -EINVAL, -EPERM. */
LEASH_API int leash_udp_fd(leash_udp_t udp);

LEASH_API LEASH_MUST_USE leash_udp_t leash__udp_open(const char *local_host, int local_port, const char *remote_host,
                                                     int remote_port, unsigned flags, struct leash_site *site);
LEASH_API int leash__udp_recvfrom(leash_udp_t udp, void *buffer, size_t n, struct sockaddr_storage *from,
                                  struct leash_site *site);
LEASH_API int leash__udp_sendto(leash_udp_t udp, const void *data, size_t n, const struct sockaddr_storage *to,
                                struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
