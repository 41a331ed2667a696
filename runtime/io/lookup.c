#include "lookup.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address.h"
#include "misuse.h"
#include "resolve.h"

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

static int look_up(struct leash__reactor *reactor, const char *host, int port, const char *call,
                   struct leash_site *site, struct leash__addresses **addresses)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    int rc = leash__resolve(reactor, host, service, &hints, call, site, &found);
    if (rc < 0)
        return rc;
    *addresses = copy_of(found);
    freeaddrinfo(found);
    return *addresses ? 0 : leash__refused(-ENOMEM, "%s: no memory for the addresses of \"%s\"", call, host);
}

int leash__addresses_of(struct leash__reactor *reactor, const char *host, int port, const char *call,
                        struct leash_site *site, struct leash__addresses **addresses)
{
    struct sockaddr_storage digits;
    bool is_any = !host || !*host;
    if (!is_any && leash__address_parse(host, port, &digits) < 0)
        return look_up(reactor, host, port, call, site, addresses);
    *addresses = is_any ? parsed("0.0.0.0", "::", port) : parsed(host, NULL, port);
    return *addresses ? 0 : leash__refused(-ENOMEM, "%s: no memory", call);
}
