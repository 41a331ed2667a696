#include <errno.h>
#include <leash/names.h>
#include <stdio.h>
#include <string.h>

#include "address.h"
#include "misuse.h"
#include "question.h"
#include "task.h"
#include "uv_threads.h"

/* What getnameinfo(3) is given and gives. */
struct naming {
    struct sockaddr_storage address;
    socklen_t length;
    int flags;
    char *host, *service; /* NULL: not wanted */
    socklen_t host_size, service_size;
};

/* The address in digits, for the trace and for errors. */
static void describe_address(char text[LEASH__QUESTION_TEXT], const struct naming *naming)
{
    char host[INET6_ADDRSTRLEN + 1 + UV_IF_NAMESIZE], service[sizeof "65535"];
    bool is_ip6 = naming->address.ss_family == AF_INET6;
    text[0] = '\0';
    if (getnameinfo((const struct sockaddr *)&naming->address, naming->length, host, sizeof host, service,
                    sizeof service, NI_NUMERICHOST | NI_NUMERICSERV) == 0)
        snprintf(text, LEASH__QUESTION_TEXT, "%s%s%s:%s", is_ip6 ? "[" : "", host, is_ip6 ? "]" : "", service);
}

static int copy_names(const struct naming *naming, const uv_getnameinfo_t *names, const char *call, const char *text)
{
    if ((naming->host && strlen(names->host) >= naming->host_size) ||
        (naming->service && strlen(names->service) >= naming->service_size))
        return leash__question_refuse(UV_EAI_OVERFLOW, call, text);
    if (naming->host)
        memcpy(naming->host, names->host, strlen(names->host) + 1);
    if (naming->service)
        memcpy(naming->service, names->service, strlen(names->service) + 1);
    return 0;
}

static int ask_names(struct leash__reactor *reactor, const struct naming *naming, const char *call,
                     struct leash_site *site)
{
    char text[LEASH__QUESTION_TEXT];
    struct leash__uv_threads threads;
    describe_address(text, naming);
    struct leash__question *question = leash__question_new(reactor->loop, text, call, site);
    if (!question)
        return -ENOMEM;
    struct leash__request *request = question->request;
    leash__uv_threads_enter(&threads);
    int rc = uv_getnameinfo(&reactor->uv, &request->uv.names, leash__question_names,
                            (const struct sockaddr *)&naming->address, naming->flags);
    leash__uv_threads_leave(&threads);
    rc = leash__question_wait(question, rc, call, site);
    if (rc == 0)
        rc = copy_names(naming, &request->uv.names, call, text);
    leash__question_end(question, rc);
    return rc;
}

static int name_digits(const struct naming *naming, const char *call)
{
    char text[LEASH__QUESTION_TEXT];
    uv_getnameinfo_t names; /* for its texts: nothing is written to the caller's unless all fits */
    describe_address(text, naming);
    int status =
        leash__question_status(getnameinfo((const struct sockaddr *)&naming->address, naming->length, names.host,
                                           sizeof names.host, names.service, sizeof names.service, naming->flags));
    return status < 0 ? leash__question_refuse(status, call, text) : copy_names(naming, &names, call, text);
}

static int check(struct naming *naming, const struct sockaddr *address, const char *call, struct leash_site *site)
{
    if (!naming->host && !naming->service)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: neither name is asked for", call);
    bool is_ip = address && naming->length >= sizeof(sa_family_t) &&
                 (address->sa_family == AF_INET || address->sa_family == AF_INET6);
    socklen_t needed =
        is_ip && address->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    if (!is_ip || naming->length < needed)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EAFNOSUPPORT,
                             "%s: it is no address of family AF_INET or AF_INET6, or not all of one", call);
    naming->length = needed;
    memcpy(&naming->address, address, needed);
    return 0;
}

int leash__getnameinfo(const struct sockaddr *address, socklen_t length, char *host, socklen_t host_size, char *service,
                       socklen_t service_size, int flags, struct leash_site *site)
{
    const char *call = "leash_getnameinfo";
    const int digits = NI_NUMERICHOST | NI_NUMERICSERV;
    struct naming naming = {.length = length,
                            .flags = flags,
                            .host = host,
                            .service = service,
                            .host_size = host_size,
                            .service_size = service_size};
    if (!leash__task_needed(call, site))
        return -errno;
    int rc = check(&naming, address, call, site);
    if (rc < 0)
        return rc;
    naming.flags |= (host ? 0 : NI_NUMERICHOST) | (service ? 0 : NI_NUMERICSERV); /* not to look up text nobody reads */
    if ((naming.flags & digits) == digits)
        return name_digits(&naming, call);
    struct leash__reactor *reactor = leash__reactor_needed(call, site, &rc);
    return reactor ? ask_names(reactor, &naming, call, site) : rc;
}

/* ---- in digits ---- */

int leash_address_parse(const char *host, int port, struct sockaddr_storage *address)
{
    struct sockaddr_storage parsed;
    if (!host || port < 0 || port > LEASH__PORT_MAX || leash__address_parse(host, port, &parsed) < 0)
        return leash__refused(-EINVAL, "leash_address_parse: \"%s\", port %d is no address in digits",
                              host ? host : "NULL", port);
    *address = parsed;
    return 0;
}

int leash_address_text(const struct sockaddr_storage *address, char *text, size_t size)
{
    return leash__address_copy(address, leash__address_size(address), text, size);
}
