#include "resolve.h"

#include <errno.h>
#include <leash/names.h>
#include <stdio.h>

#include "misuse.h"
#include "question.h"
#include "task.h"
#include "uv_threads.h"

static void describe(char text[LEASH__QUESTION_TEXT], const char *host, const char *service)
{
    snprintf(text, LEASH__QUESTION_TEXT, "%s%s%s", host ? host : "", service ? ":" : "", service ? service : "");
}

/* What is written in digits needs no looking up, and no thread. False: it is not. */
static bool resolve_digits(const char *host, const char *service, const struct addrinfo *hints, int *status,
                           struct addrinfo **found)
{
    const int digits = AI_NUMERICHOST | AI_NUMERICSERV;
    struct addrinfo limited = hints ? *hints : (struct addrinfo){.ai_flags = AI_V4MAPPED | AI_ADDRCONFIG};
    bool asked = (!host || limited.ai_flags & AI_NUMERICHOST) && (!service || limited.ai_flags & AI_NUMERICSERV);
    limited.ai_flags |= digits;
    *status = leash__question_status(getaddrinfo(host, service, &limited, found));
    return *status == 0 || asked;
}

static int ask_addresses(struct leash__reactor *reactor, const char *host, const char *service,
                         const struct addrinfo *hints, const char *call, struct leash_site *site,
                         struct addrinfo **found)
{
    char text[LEASH__QUESTION_TEXT];
    struct leash__uv_threads threads;
    describe(text, host, service);
    struct leash__question *question = leash__question_new(reactor->loop, text, call, site);
    if (!question)
        return -ENOMEM;
    struct leash__request *request = question->request;
    leash__uv_threads_enter(&threads);
    int rc = uv_getaddrinfo(&reactor->uv, &request->uv.addresses, leash__question_addresses, host, service, hints);
    leash__uv_threads_leave(&threads);
    rc = leash__question_wait(question, rc, call, site);
    if (rc == 0) {
        *found = request->found;
        request->found = NULL;
    }
    leash__question_end(question, rc);
    return rc;
}

int leash__resolve(struct leash__reactor *reactor, const char *host, const char *service, const struct addrinfo *hints,
                   const char *call, struct leash_site *site, struct addrinfo **found)
{
    char text[LEASH__QUESTION_TEXT];
    int status;
    struct addrinfo *list = NULL;
    if (!resolve_digits(host, service, hints, &status, &list))
        return ask_addresses(reactor, host, service, hints, call, site, found);
    if (status == 0) {
        *found = list;
        return 0;
    }
    describe(text, host, service);
    return leash__question_refuse(status, call, text);
}

int leash__getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **found,
                       struct leash_site *site)
{
    const char *call = "leash_getaddrinfo";
    int error = 0;
    if (!leash__task_needed(call, site))
        return -errno;
    if (!host && !service)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: neither a host nor a service is given", call);
    struct leash__reactor *reactor = leash__reactor_needed(call, site, &error);
    return reactor ? leash__resolve(reactor, host, service, hints, call, site, found) : error;
}
