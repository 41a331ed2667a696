#include "resolver.h"

#include <ares.h>
#include <errno.h>
#include <leash.h>
#include <stdlib.h>

struct resolver {
    ares_channel channel;
    leash_callback_t timer; /* the next time that c-ares wants to be called; NULL while nothing is asked */
    unsigned late;
};

/* c-ares writes to it, whenever that is; so it is not on the stack of the task that asks, which may be gone by then. */
struct query {
    struct resolver *resolver;
    leash_future_t future; /* finished when the answer is here; only while the task is there */
    int users;             /* the task that asks, and c-ares */
    int status;            /* of c-ares */
    struct in_addr address;
};

static void leave(struct query *query)
{
    if (--query->users == 0)
        free(query);
}

/* ---- what c-ares needs of a loop ---- */

static void arm(struct resolver *resolver);

static void on_readable(int fd, void *arg)
{
    struct resolver *resolver = arg;
    ares_process_fd(resolver->channel, fd, ARES_SOCKET_BAD);
    arm(resolver);
}

static void on_writable(int fd, void *arg)
{
    struct resolver *resolver = arg;
    ares_process_fd(resolver->channel, ARES_SOCKET_BAD, fd);
    arm(resolver);
}

static void on_time(void *arg)
{
    struct resolver *resolver = arg;
    resolver->timer = NULL;
    ares_process_fd(resolver->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    arm(resolver);
}

/* After every call of c-ares that may have sent, received or given up anything. */
static void arm(struct resolver *resolver)
{
    struct timeval left;
    if (resolver->timer)
        leash_callback_cancel(resolver->timer);
    resolver->timer = NULL;
    if (!ares_timeout(resolver->channel, NULL, &left))
        return;
    /* It tells whole milliseconds, rounded down: without one more it would be called too early, and again at once. */
    double seconds = (double)left.tv_sec + (double)left.tv_usec / 1e6 + 0.001;
    resolver->timer = leash_call_later(seconds, on_time, resolver);
    if (!resolver->timer)
        ares_cancel(resolver->channel); /* better no answers than tasks that wait for ever */
}

/* Also called right before c-ares closes a socket, with 0 and 0. One that cannot be watched is like a server that never
 * answers: the timer sees to it. */
static void on_socket(void *arg, ares_socket_t fd, int readable, int writable)
{
    if (readable)
        leash_add_reader(fd, on_readable, arg);
    else
        leash_remove_reader(fd);
    if (writable)
        leash_add_writer(fd, on_writable, arg);
    else
        leash_remove_writer(fd);
}

/* ---- open, close ---- */

static int code_of(int status)
{
    switch (status) {
    case ARES_SUCCESS:
        return 0;
    case ARES_ENOTFOUND:
    case ARES_ENODATA:
        return -ENXIO;
    case ARES_ETIMEOUT:
        return -ETIMEDOUT;
    case ARES_ENOMEM:
    case ARES_ECANCELLED: /* by arm() */
        return -ENOMEM;
    case ARES_EDESTRUCTION:
        return -EBADF;
    case ARES_EFILE:
        return -EMFILE;
    case ARES_EBADSTR:
    case ARES_EBADNAME:
        return -EINVAL;
    default:
        return -EREMOTEIO;
    }
}

int resolver_open(const char *servers, double seconds, struct resolver **out)
{
    struct resolver *resolver = calloc(1, sizeof(*resolver));
    if (!resolver)
        return -ENOMEM;
    static char dns_only[] = "b"; /* no /etc/hosts */
    struct ares_options options = {.flags = ARES_FLAG_NOSEARCH,
                                   .timeout = (int)(seconds * 1000),
                                   .tries = 2,
                                   .lookups = dns_only,
                                   .sock_state_cb = on_socket,
                                   .sock_state_cb_data = resolver};
    int given = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB;
    int status = ares_library_init(ARES_LIB_INIT_ALL);
    if (status != ARES_SUCCESS)
        goto no_library;
    status = ares_init_options(&resolver->channel, &options, given);
    if (status != ARES_SUCCESS)
        goto no_channel;
    status = ares_set_servers_ports_csv(resolver->channel, servers);
    if (status != ARES_SUCCESS)
        goto no_servers;
    *out = resolver;
    return 0;

no_servers:
    ares_destroy(resolver->channel);
no_channel:
    ares_library_cleanup();
no_library:
    free(resolver);
    return code_of(status);
}

void resolver_close(struct resolver *resolver)
{
    if (!resolver)
        return;
    ares_destroy(resolver->channel); /* calls back for every query that is left */
    if (resolver->timer)
        leash_callback_cancel(resolver->timer);
    ares_library_cleanup();
    free(resolver);
}

/* ---- ask ---- */

static void take_first(struct query *query, const struct ares_addrinfo *found)
{
    const struct ares_addrinfo_node *node = found->nodes;
    while (node && node->ai_family != AF_INET)
        node = node->ai_next;
    if (node)
        query->address = ((const struct sockaddr_in *)(const void *)node->ai_addr)->sin_addr;
    else
        query->status = ARES_ENODATA;
}

/* c-ares calls this once a query, whatever happens: perhaps inside ares_getaddrinfo already, at the latest inside
 * ares_destroy. */
static void on_answer(void *arg, int status, int timeouts, struct ares_addrinfo *found)
{
    struct query *query = arg;
    (void)timeouts;
    query->status = status;
    if (status == ARES_SUCCESS) {
        take_first(query, found);
        ares_freeaddrinfo(found);
    }
    /* A task that was cancelled but has not run since is still a user; its future says -EALREADY. */
    if (query->users == 1 || leash_future_set_result(query->future, NULL) < 0)
        query->resolver->late++;
    leave(query);
}

int resolver_ask(struct resolver *resolver, const char *name, struct in_addr *address)
{
    struct query *query = calloc(1, sizeof(*query));
    leash_future_t future = leash_future();
    if (!query || !future) {
        free(query);
        if (future)
            leash_detach(future);
        return leash_fail(-ENOMEM, "no memory to ask for %s", name);
    }
    *query = (struct query){.resolver = resolver, .future = future, .users = 2};
    struct ares_addrinfo_hints hints = {.ai_family = AF_INET, .ai_flags = ARES_AI_NOSORT};
    ares_getaddrinfo(resolver->channel, name, NULL, &hints, on_answer, query);
    arm(resolver);

    int rc = leash_await(future, NULL);
    if (rc < 0)
        leash_detach(future); /* cancelled: c-ares goes on, and leaves the query when it is done */
    else if (query->status != ARES_SUCCESS)
        rc = leash_fail(code_of(query->status), "%s: %s", name, ares_strerror(query->status));
    else
        *address = query->address;
    leave(query);
    return rc;
}

unsigned resolver_late(const struct resolver *resolver)
{
    return resolver->late;
}
