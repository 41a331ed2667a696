/* Model: CPython 3.11's create_datagram_endpoint (Lib/asyncio/base_events.py). */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "address.h"
#include "misuse.h"
#include "resolve.h"
#include "task.h"
#include "udp.h"

enum { FLAGS = LEASH_UDP_BROADCAST | LEASH_UDP_REUSEPORT };

static const char call[] = "leash_udp_open";

/* What is to be opened. */
struct plan {
    struct addrinfo *locals, *remotes; /* NULL: none is given */
    unsigned flags;
};

/* ---- one socket ---- */

static int set_option(int fd, int option)
{
    const int on = 1;
    return setsockopt(fd, SOL_SOCKET, option, &on, sizeof on) < 0 ? -errno : 0;
}

static int set_up(int fd, const struct addrinfo *local, const struct addrinfo *remote, unsigned flags)
{
    bool broadcasts = flags & LEASH_UDP_BROADCAST;
    int rc = flags & LEASH_UDP_REUSEPORT ? set_option(fd, SO_REUSEPORT) : 0;
    if (rc == 0 && broadcasts)
        rc = set_option(fd, SO_BROADCAST);
    if (rc == 0 && local && bind(fd, local->ai_addr, local->ai_addrlen) < 0)
        rc = -errno;
    if (rc == 0 && remote && !broadcasts && connect(fd, remote->ai_addr, remote->ai_addrlen) < 0)
        rc = -errno;
    return rc;
}

/* The descriptor, or -errno. */
static int open_socket(const struct addrinfo *local, const struct addrinfo *remote, unsigned flags)
{
    int family = local ? local->ai_family : remote->ai_family;
    int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    int rc = set_up(fd, local, remote, flags);
    if (rc == 0)
        return fd;
    close(fd);
    return rc;
}

static void name_it(int fd, const struct sockaddr_storage *remote, char *name, size_t size)
{
    struct sockaddr_storage own;
    socklen_t length = sizeof own;
    char here[LEASH__ADDRESS_TEXT] = "", there[LEASH__ADDRESS_TEXT] = "";
    if (getsockname(fd, (struct sockaddr *)&own, &length) == 0)
        leash__address_text(&own, length, here);
    if (remote->ss_family != AF_UNSPEC)
        leash__address_text(remote, leash__address_size(remote), there);
    snprintf(name, size, "udp %s%s%s", here, there[0] ? " > " : "", there);
}

static leash_udp_t try_pair(struct leash__reactor *reactor, const struct addrinfo *local, const struct addrinfo *remote,
                            unsigned flags, struct leash_site *site, int *error)
{
    char name[2 * LEASH__ADDRESS_TEXT];
    struct sockaddr_storage to = {.ss_family = AF_UNSPEC};
    int fd = open_socket(local, remote, flags);
    if (fd < 0) {
        *error = fd;
        return NULL;
    }
    if (remote)
        memcpy(&to, remote->ai_addr, remote->ai_addrlen);
    name_it(fd, &to, name, sizeof name);
    struct leash__udp *udp = leash__udp_new(reactor, fd, name, site, error);
    if (!udp) {
        close(fd);
        return NULL;
    }
    udp->remote = to;
    udp->connected = remote && !(flags & LEASH_UDP_BROADCAST);
    return leash__cell_handle(udp->base.cell, LEASH__HANDLE_OBJECT);
}

/* ---- all pairs of one family ---- */

/* *error is that of the first pair; 0: there was none. */
static leash_udp_t try_locals(struct leash__reactor *reactor, const struct plan *plan, const struct addrinfo *remote,
                              struct leash_site *site, int *error)
{
    leash_udp_t udp = NULL;
    int rc = 0;
    if (!plan->locals)
        udp = try_pair(reactor, NULL, remote, plan->flags, site, &rc);
    for (const struct addrinfo *local = plan->locals; local && !udp; local = local->ai_next) {
        if (remote && remote->ai_family != local->ai_family)
            continue;
        udp = try_pair(reactor, local, remote, plan->flags, site, &rc);
        *error = *error ? *error : rc;
    }
    *error = *error ? *error : rc;
    return udp;
}

static leash_udp_t try_all(struct leash__reactor *reactor, const struct plan *plan, struct leash_site *site, int *error)
{
    leash_udp_t udp = NULL;
    *error = 0;
    if (!plan->remotes)
        udp = try_locals(reactor, plan, NULL, site, error);
    for (const struct addrinfo *remote = plan->remotes; remote && !udp; remote = remote->ai_next)
        udp = try_locals(reactor, plan, remote, site, error);
    if (!udp && *error == 0)
        *error = -EAFNOSUPPORT;
    return udp;
}

/* ---- the call ---- */

static int resolve(struct leash__reactor *reactor, const char *host, int port, int flags, struct leash_site *site,
                   struct addrinfo **found)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_DGRAM, .ai_flags = flags};
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    return leash__resolve(reactor, host, service, &hints, call, site, found);
}

struct ends {
    const char *local_host, *remote_host;
    int local_port, remote_port;
};

static int resolve_both(struct leash__reactor *reactor, const struct ends *ends, struct plan *plan,
                        struct leash_site *site)
{
    bool is_bound = ends->local_host || ends->local_port || !ends->remote_host;
    int rc = is_bound ? resolve(reactor, ends->local_host, ends->local_port, AI_PASSIVE, site, &plan->locals) : 0;
    if (rc == 0 && ends->remote_host)
        rc = resolve(reactor, ends->remote_host, ends->remote_port, 0, site, &plan->remotes);
    return rc;
}

static void free_plan(struct plan *plan)
{
    if (plan->locals)
        freeaddrinfo(plan->locals);
    if (plan->remotes)
        freeaddrinfo(plan->remotes);
}

static bool is_port(int port, int least)
{
    return port >= least && port <= LEASH__PORT_MAX;
}

static int check(const struct ends *ends, unsigned flags, struct leash_site *site)
{
    const char *wrong = NULL;
    if (!is_port(ends->local_port, 0))
        wrong = "the local port must be from 0 to 65535";
    else if (ends->remote_host && !is_port(ends->remote_port, 1))
        wrong = "the remote port must be from 1 to 65535";
    else if (!ends->remote_host && ends->remote_port)
        wrong = "a remote port needs a host";
    else if (flags & ~(unsigned)FLAGS)
        wrong = "there are no such flags";
    return wrong ? leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: %s", call, wrong) : 0;
}

static const char *or_any(const char *host)
{
    return host ? host : "any";
}

static leash_udp_t open_ends(struct leash__reactor *reactor, const struct ends *ends, unsigned flags,
                             struct leash_site *site, int *error)
{
    struct plan plan = {.flags = flags};
    leash_udp_t udp = NULL;
    *error = resolve_both(reactor, ends, &plan, site);
    if (*error == 0) {
        udp = try_all(reactor, &plan, site, error);
        if (!udp)
            leash__refused(*error, "%s: local %s, port %d; remote %s, port %d: %s", call, or_any(ends->local_host),
                           ends->local_port, or_any(ends->remote_host), ends->remote_port, strerror(-*error));
    }
    free_plan(&plan);
    return udp;
}

leash_udp_t leash__udp_open(const char *local_host, int local_port, const char *remote_host, int remote_port,
                            unsigned flags, struct leash_site *site)
{
    struct ends ends = {local_host, remote_host, local_port, remote_port};
    int error;
    leash_udp_t udp = NULL;
    if (!leash__task_needed(call, site) || check(&ends, flags, site) < 0)
        return NULL;
    struct leash__reactor *reactor = leash__reactor_needed(call, site, &error);
    if (reactor)
        udp = open_ends(reactor, &ends, flags, site, &error);
    if (!udp)
        errno = -error;
    return udp;
}
