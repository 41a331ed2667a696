/* Datagrams: a receive or send tries first, and waits only if the kernel says so. */
#include <errno.h>
#include <string.h>

#include "address.h"
#include "line.h"
#include "misuse.h"
#include "task.h"
#include "udp.h"

static int failed(const struct leash__udp *udp, const char *call, int error)
{
    return leash__refused(error, "%s: \"%s\": %s", call, leash__waitable_name(&udp->base), strerror(-error));
}

/* ---- receiving ---- */

static int take(const struct leash__udp *udp, void *buffer, size_t n, struct sockaddr_storage *from)
{
    ssize_t got;
    socklen_t length = sizeof *from;
    do
        got = recvfrom(udp->fd, buffer, n, MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)from, from ? &length : NULL);
    while (got < 0 && errno == EINTR);
    return got < 0 ? -errno : (int)got;
}

static int receive(struct leash__udp *udp, void *buffer, size_t n, struct sockaddr_storage *from,
                   struct leash_site *site)
{
    const char *call = "leash_udp_recvfrom";
    bool others_wait = !leash__list_empty(&udp->readers);
    int got = others_wait ? -EAGAIN : take(udp, buffer, n, from);
    while (got == -EAGAIN) {
        int rc = leash__udp_wait(udp, UV_READABLE, call, site);
        if (rc < 0)
            return rc;
        got = take(udp, buffer, n, from);
    }
    return got < 0 ? failed(udp, call, got) : got;
}

int leash__udp_recvfrom(leash_udp_t handle, void *buffer, size_t n, struct sockaddr_storage *from,
                        struct leash_site *site)
{
    int rc;
    if (!leash__task_needed("leash_udp_recvfrom", site))
        return -errno;
    struct leash__udp *udp = leash__udp_of(handle, "leash_udp_recvfrom", site, &rc);
    if (!udp)
        return rc;
    udp->users++;
    rc = receive(udp, buffer, n, from, site);
    leash__udp_leave(udp);
    return rc;
}

/* ---- sending ---- */

static int give(const struct leash__udp *udp, const void *data, size_t n, const struct sockaddr_storage *to)
{
    ssize_t sent;
    socklen_t length = to ? leash__address_size(to) : 0;
    do
        sent = sendto(udp->fd, data, n, MSG_DONTWAIT | MSG_NOSIGNAL, (const struct sockaddr *)to, length);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

static int send_it(struct leash__udp *udp, const void *data, size_t n, const struct sockaddr_storage *to,
                   struct leash_site *site)
{
    const char *call = "leash_udp_sendto";
    bool others_wait = !leash__list_empty(&udp->writers);
    int rc = others_wait ? -EAGAIN : give(udp, data, n, to);
    while (rc == -EAGAIN) {
        rc = leash__udp_wait(udp, UV_WRITABLE, call, site);
        if (rc < 0)
            return rc;
        rc = give(udp, data, n, to);
    }
    return rc < 0 ? failed(udp, call, rc) : 0;
}

int leash__udp_sendto(leash_udp_t handle, const void *data, size_t n, const struct sockaddr_storage *to,
                      struct leash_site *site)
{
    int rc;
    if (!leash__task_needed("leash_udp_sendto", site))
        return -errno;
    struct leash__udp *udp = leash__udp_of(handle, "leash_udp_sendto", site, &rc);
    if (!udp)
        return rc;
    if (!to && !udp->connected && udp->remote.ss_family != AF_UNSPEC)
        to = &udp->remote;
    udp->users++;
    rc = send_it(udp, data, n, to, site);
    leash__udp_leave(udp);
    return rc;
}
