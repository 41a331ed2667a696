#include "lookup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "await.h"
#include "line.h"
#include "misuse.h"

struct request;

struct lookup {
    struct leash__waitable base;
    struct leash__node waiters;
    struct request *request; /* NULL: it is answered */
    int status;
    struct addrinfo *found;
};

/* libuv's, until it has answered: of a look-up or, once nobody waits, of none. */
struct request {
    uv_getaddrinfo_t uv;
    struct leash__loop *loop;
    struct lookup *lookup;
};

static void begin(struct leash__waitable *waitable, const struct leash_object *object)
{
    (void)object;
    leash__list_init(&((struct lookup *)waitable)->waiters);
}

static void end(struct leash__waitable *waitable)
{
    struct lookup *lookup = (struct lookup *)waitable;
    if (lookup->request) {
        lookup->request->lookup = NULL;
        uv_cancel((uv_req_t *)&lookup->request->uv); /* or it is under way, and its answer is thrown away */
    }
    uv_freeaddrinfo(lookup->found);
}

static const struct leash__waitable_type lookup_type = {
    .kind = LEASH_OBJECT_LOOKUP, .name = "look-up", .size = sizeof(struct lookup), .begin = begin, .end = end};

static void on_answer(uv_getaddrinfo_t *uv, int status, struct addrinfo *found)
{
    struct request *request = LEASH__CONTAINER(uv, struct request, uv);
    struct lookup *lookup = request->lookup;
    request->loop->in_flight--;
    if (lookup) {
        lookup->request = NULL;
        lookup->status = status;
        lookup->found = found;
        leash__line_wake_all(request->loop, &lookup->waiters);
    } else {
        uv_freeaddrinfo(found);
    }
    free(request);
}

/* How libuv says what became of it, as an errno. */
static int error_of(int status)
{
    switch (status) {
    case 0:
        return 0;
    case UV_EAI_AGAIN:
        return -EAGAIN;
    case UV_EAI_MEMORY:
    case UV_ENOMEM:
        return -ENOMEM;
    default:
        return -ENXIO;
    }
}

static int ask(struct lookup *lookup, struct leash__reactor *reactor, const char *host, int port)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    char service[16];
    struct request *request = calloc(1, sizeof *request);
    if (!request)
        return UV_ENOMEM;
    snprintf(service, sizeof service, "%d", port);
    int status = uv_getaddrinfo(&reactor->uv, &request->uv, on_answer, host, service, &hints);
    if (status < 0) {
        free(request);
        return status;
    }
    request->loop = reactor->loop;
    request->lookup = lookup;
    lookup->request = request;
    reactor->loop->in_flight++;
    return 0;
}

/* ---- lists ---- */

static struct leash__addresses *list_of(size_t count)
{
    struct leash__addresses *list = calloc(1, sizeof *list + count * sizeof list->at[0]);
    if (list)
        list->count = count;
    return list;
}

static struct leash__addresses *copy_of(const struct addrinfo *found)
{
    size_t count = 0;
    for (const struct addrinfo *info = found; info; info = info->ai_next)
        count++;
    struct leash__addresses *list = list_of(count);
    struct sockaddr_storage *at = list ? list->at : NULL;
    for (const struct addrinfo *info = found; at && info; info = info->ai_next)
        memcpy(at++, info->ai_addr, info->ai_addrlen);
    return list;
}

static struct leash__addresses *parsed(const char *first, const char *second, int port)
{
    struct leash__addresses *list = list_of(second ? 2 : 1);
    if (!list)
        return NULL;
    leash__address_parse(first, port, &list->at[0]);
    if (second)
        leash__address_parse(second, port, &list->at[1]);
    return list;
}

/* ---- waiting ---- */

static int wait(struct lookup *lookup, const char *host, const char *call, struct leash_site *site,
                struct leash__addresses **addresses)
{
    struct leash__waiter waiter;
    if (lookup->status == 0 && leash__waitable_wait(&lookup->base, &lookup->waiters, &waiter, site))
        return leash__cancelled_here(lookup->base.cell->loop->current);
    int rc = error_of(lookup->status);
    if (rc < 0)
        return leash__refused(rc, "%s: host \"%s\": %s", call, host, uv_strerror(lookup->status));
    *addresses = copy_of(lookup->found);
    return *addresses ? 0 : leash__refused(-ENOMEM, "%s: no memory for the addresses of \"%s\"", call, host);
}

int leash__addresses_of(struct leash__reactor *reactor, const char *host, int port, const char *call,
                        struct leash_site *site, struct leash__addresses **addresses)
{
    struct sockaddr_storage digits;
    bool is_any = !host || !*host;
    if (is_any || leash__address_parse(host, port, &digits) == 0) {
        *addresses = is_any ? parsed("0.0.0.0", "::", port) : parsed(host, NULL, port);
        return *addresses ? 0 : leash__refused(-ENOMEM, "%s: no memory", call);
    }
    struct lookup *lookup = (struct lookup *)leash__waitable_new(reactor->loop, &lookup_type, host, site);
    if (!lookup)
        return leash__refused(-ENOMEM, "%s: no memory to look up \"%s\"", call, host);
    lookup->status = ask(lookup, reactor, host, port);
    int rc = wait(lookup, host, call, site, addresses);
    leash__waitable_end(&lookup->base, rc);
    return rc;
}
