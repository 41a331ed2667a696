#include "question.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "await.h"
#include "line.h"
#include "misuse.h"

/* ---- errors ---- */

/* What the resolver, libuv and we say to one another. */
static const struct {
    int eai, uv, error;
} codes[] = {
    {EAI_ADDRFAMILY, UV_EAI_ADDRFAMILY, -ENXIO},
    {EAI_AGAIN, UV_EAI_AGAIN, -EAGAIN},
    {EAI_BADFLAGS, UV_EAI_BADFLAGS, -EINVAL},
    {EAI_FAIL, UV_EAI_FAIL, -EREMOTEIO},
    {EAI_FAMILY, UV_EAI_FAMILY, -EAFNOSUPPORT},
    {EAI_MEMORY, UV_EAI_MEMORY, -ENOMEM},
    {EAI_NODATA, UV_EAI_NODATA, -ENXIO},
    {EAI_NONAME, UV_EAI_NONAME, -ENXIO},
    {EAI_OVERFLOW, UV_EAI_OVERFLOW, -EOVERFLOW},
    {EAI_SERVICE, UV_EAI_SERVICE, -EPROTONOSUPPORT},
    {EAI_SOCKTYPE, UV_EAI_SOCKTYPE, -ESOCKTNOSUPPORT},
};
enum { CODES = sizeof codes / sizeof *codes };

int leash__question_status(int eai)
{
    if (eai == EAI_SYSTEM)
        return -errno;
    for (size_t i = 0; i < CODES; i++)
        if (codes[i].eai == eai)
            return codes[i].uv;
    return eai == 0 ? 0 : UV_EIO;
}

int leash__question_refuse(int status, const char *call, const char *text)
{
    for (size_t i = 0; i < CODES; i++)
        if (codes[i].uv == status)
            return leash__refused(codes[i].error, "%s: \"%s\": %s", call, text, gai_strerror(codes[i].eai));
    return leash__refused(leash__uv_error(status), "%s: \"%s\": %s", call, text, strerror(-leash__uv_error(status)));
}

/* ---- questions and requests ---- */

static void request_free(struct leash__request *request)
{
    uv_freeaddrinfo(request->found);
    free(request);
}

static void begin(struct leash__waitable *waitable, const struct leash_object *object)
{
    (void)object;
    leash__list_init(&((struct leash__question *)waitable)->waiters);
}

static void end(struct leash__waitable *waitable)
{
    struct leash__request *request = ((struct leash__question *)waitable)->request;
    if (!request)
        return;
    if (request->answered) {
        request_free(request);
        return;
    }
    request->question = NULL;
    request->loop->in_flight--;  /* nobody misses it */
    uv_cancel(&request->uv.any); /* or it is being done, and its answer will be thrown away */
}

static const struct leash__waitable_type question_type = {
    .kind = LEASH_OBJECT_LOOKUP, .name = "lookup", .size = sizeof(struct leash__question), .begin = begin, .end = end};

static void answer(struct leash__request *request, int status, struct addrinfo *found)
{
    request->answered = true;
    request->status = status;
    request->found = found;
    if (!request->question) {
        request_free(request);
        return;
    }
    request->loop->in_flight--;
    leash__line_wake_all(request->loop, &request->question->waiters);
}

void leash__question_addresses(uv_getaddrinfo_t *uv, int status, struct addrinfo *found)
{
    answer(LEASH__CONTAINER(uv, struct leash__request, uv.addresses), status, found);
}

void leash__question_names(uv_getnameinfo_t *uv, int status, const char *host, const char *service)
{
    (void)host, (void)service; /* they are in the request */
    answer(LEASH__CONTAINER(uv, struct leash__request, uv.names), status, NULL);
}

struct leash__question *leash__question_new(struct leash__loop *loop, const char *text, const char *call,
                                            struct leash_site *site)
{
    struct leash__request *request = calloc(1, sizeof *request);
    struct leash__question *question =
        request ? (struct leash__question *)leash__waitable_new(loop, &question_type, text, site) : NULL;
    if (!question) {
        free(request);
        leash__refused(-ENOMEM, "%s: \"%s\": no memory", call, text);
        return NULL;
    }
    request->loop = loop;
    request->question = question;
    question->request = request;
    return question;
}

void leash__question_end(struct leash__question *question, int code)
{
    leash__waitable_end(&question->base, code);
}

int leash__question_wait(struct leash__question *question, int status, const char *call, struct leash_site *site)
{
    struct leash__waiter waiter;
    struct leash__request *request = question->request;
    if (status < 0) {
        request->answered = true;
        return leash__question_refuse(status, call, leash__waitable_name(&question->base));
    }
    request->loop->in_flight++;
    if (leash__waitable_wait(&question->base, &question->waiters, &waiter, site))
        return leash__cancelled_here(request->loop->current);
    return request->status < 0 ? leash__question_refuse(request->status, call, leash__waitable_name(&question->base))
                               : 0;
}
