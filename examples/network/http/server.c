#include "server.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What is read of a peer only to be thrown away: a body that nobody wanted, and what is still under way when it was
 * told that it broke the rules. */
enum { SKIP_MAX = 65536 };
enum { LINGER = 1 }; /* seconds */

static const struct reason {
    int status;
    int code; /* the errno that says so; 0: none does */
    const char *text;
} reasons[] = {
    {200, 0, "OK"},
    {201, 0, "Created"},
    {400, EBADMSG, "Bad Request"},
    {403, EACCES, "Forbidden"},
    {404, ENOENT, "Not Found"},
    {405, 0, "Method Not Allowed"},
    {408, ETIMEDOUT, "Request Timeout"},
    {413, EFBIG, "Content Too Large"},
    {414, ENAMETOOLONG, "URI Too Long"},
    {431, EMSGSIZE, "Request Header Fields Too Large"},
    {500, 0, "Internal Server Error"},
    {501, ENOTSUP, "Not Implemented"},
    {505, EPROTONOSUPPORT, "HTTP Version Not Supported"},
};
enum { REASONS = sizeof(reasons) / sizeof(reasons[0]) };

static const char *reason_of(int status)
{
    for (size_t i = 0; i < REASONS; i++)
        if (reasons[i].status == status)
            return reasons[i].text;
    return "";
}

static int status_of(int rc)
{
    for (size_t i = 0; i < REASONS; i++)
        if (reasons[i].code && reasons[i].code == -rc)
            return reasons[i].status;
    return 500;
}

/* ---- answering ---- */

static int drain(const struct http_message *request)
{
    if (leash_stream_unsent(request->stream) == 0)
        return leash_stream_drain(request->stream);
    leash_timeout_t scope = leash_timeout_begin(request->patience);
    return scope ? leash_timeout_end(scope, leash_stream_drain(request->stream)) : -errno;
}

static int begin(struct http_exchange *exchange, int status, const char *type, uint64_t length, struct iovec body)
{
    struct http_message *request = &exchange->request;
    char head[512];
    /* A body that is left is skipped, to get at the next request, unless it is long, or may never come. */
    if (request->left > SKIP_MAX || (request->expects_continue && request->left > 0))
        request->keep_alive = false;
    const char *allow = exchange->allow;
    int n = snprintf(head, sizeof(head),
                     "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %llu\r\n%s%s%sConnection: %s\r\n\r\n",
                     status, reason_of(status), type, (unsigned long long)length, allow ? "Allow: " : "",
                     allow ? allow : "", allow ? "\r\n" : "", request->keep_alive ? "keep-alive" : "close");
    if (n >= (int)sizeof(head))
        return -EINVAL;
    bool bare = strcmp(request->method, "HEAD") == 0;
    exchange->answered = true;
    exchange->owed = bare ? 0 : length - body.iov_len;
    struct iovec parts[] = {{head, (size_t)n}, body};
    int rc = leash_stream_writev(request->stream, parts, bare ? 1 : 2);
    return rc < 0 ? rc : drain(request);
}

int http_begin(struct http_exchange *exchange, int status, const char *type, uint64_t length)
{
    return begin(exchange, status, type, length, (struct iovec){NULL, 0});
}

int http_respond(struct http_exchange *exchange, int status, const char *type, const void *body, size_t n)
{
    return begin(exchange, status, type, n, (struct iovec){(void *)(uintptr_t)body, n});
}

int http_write(struct http_exchange *exchange, const void *data, size_t n)
{
    if (strcmp(exchange->request.method, "HEAD") == 0)
        return 0;
    if (n > exchange->owed)
        return -EMSGSIZE;
    exchange->owed -= n;
    int rc = leash_stream_write(exchange->request.stream, data, n);
    return rc < 0 ? rc : drain(&exchange->request);
}

static int respond_status(struct http_exchange *exchange, int status)
{
    char text[64];
    int n = snprintf(text, sizeof(text), "%d %s\n", status, reason_of(status));
    return http_respond(exchange, status, "text/plain", text, (size_t)n);
}

/* ---- one exchange ---- */

static bool matches(const char *path, const char *target)
{
    size_t n = strlen(path), length = strcspn(target, "?");
    if (n > 0 && path[n - 1] == '*')
        return length >= n - 1 && strncmp(path, target, n - 1) == 0;
    return n == length && strncmp(path, target, n) == 0;
}

static bool allows(const struct http_route *route, const char *method)
{
    return strcmp(route->method, method) == 0 || (strcmp(route->method, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

static int dispatch(struct http_exchange *exchange, const struct http_site *site)
{
    for (size_t i = 0; i < site->count; i++) {
        if (!matches(site->routes[i].path, exchange->request.target))
            continue;
        if (allows(&site->routes[i], exchange->request.method))
            return site->routes[i].handle(exchange);
        exchange->allow = site->routes[i].method;
    }
    return respond_status(exchange, exchange->allow ? 405 : 404);
}

static int skip_body(struct http_message *request)
{
    char data[4096];
    int n;
    while ((n = http_read_body(request, data, sizeof(data))) > 0)
        continue;
    return n;
}

/* Closing at once what the peer still sends to would reset the connection, and the last answer could be lost: so reads
 * on for a moment. */
static int linger(struct http_message *request)
{
    int rc = leash_stream_write_eof(request->stream);
    leash_timeout_t scope = rc == 0 ? leash_timeout_begin(LINGER) : NULL;
    if (!scope)
        return rc;
    request->left = SKIP_MAX;
    request->expects_continue = false;
    request->patience = -1;
    return leash_timeout_end(scope, skip_body(request));
}

/* Says why there will be no answer, or no further one, if there is still somebody to tell. What is this side's own
 * fault is the failure of the task. */
static int refuse(struct http_exchange *exchange, int code)
{
    struct http_message *request = &exchange->request;
    if (code == -ECANCELED)
        return code;
    if (code == -ENODATA || code == -ECONNRESET || code == -EPIPE)
        return 0;
    int status = status_of(code);
    bool idle = code == -ETIMEDOUT && !*request->method && leash_stream_buffered(request->stream) == 0;
    if (exchange->answered) {
        leash_stream_abort(request->stream); /* so that nobody takes half an answer for a whole one */
    } else if (!idle) {
        request->keep_alive = false;
        int rc = respond_status(exchange, status);
        if (rc == 0)
            rc = linger(request);
        if (rc == -ECANCELED)
            return rc;
    }
    return status == 500 ? code : 0;
}

/* 1: the next one; 0: that was the last one. */
static int answer(struct http_exchange *exchange, const struct http_site *site)
{
    int rc = dispatch(exchange, site);
    if (rc < 0)
        return refuse(exchange, rc);
    if (!exchange->answered)
        rc = respond_status(exchange, 200);
    if (rc < 0 || !exchange->request.keep_alive || exchange->owed > 0)
        return rc;
    rc = skip_body(&exchange->request);
    return rc < 0 ? refuse(exchange, rc) : 1;
}

/* What a peer does not read would keep a closed stream for ever. */
static int hang_up(leash_stream_t stream, double patience, int rc)
{
    leash_timeout_t scope = NULL;
    if (leash_stream_unsent(stream) <= 0)
        return rc;
    if (rc != -ECANCELED && (scope = leash_timeout_begin(patience))) {
        leash_stream_close(stream);
        if (leash_timeout_end(scope, leash_stream_wait_closed(stream)) == 0)
            return rc;
    }
    leash_stream_abort(stream);
    return rc;
}

int http_serve(leash_stream_t stream, void *arg)
{
    const struct http_site *site = arg;
    struct http_exchange exchange;
    int rc;
    do {
        exchange = (struct http_exchange){.request = {.stream = stream, .patience = site->patience}, .arg = site->arg};
        rc = http_read_request(&exchange.request);
        if (rc > 0)
            rc = answer(&exchange, site);
        else if (rc < 0)
            rc = refuse(&exchange, rc);
    } while (rc > 0);
    return hang_up(stream, site->patience, rc);
}
