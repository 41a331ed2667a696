/* HTTP/1.1: requests one after the other or at once, in pieces of any size; of each answer the head and every byte. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD = 400, LONG_LINE = 20000, ENDLESS = 70000, BODY_BITS = 16 };

enum kind { INDEX, ECHO, BYTES, MISSING, TOO_LONG };

/* Made anew whenever it is needed, from the connection's key and its place. */
struct request {
    enum kind kind;
    uint64_t key;
    size_t body;    /* bytes, of what is sent */
    size_t answers; /* bytes, of the answer's body; of ECHO and BYTES */
    size_t head_length;
    char head[HEAD];
};

/* 0 too. */
static size_t some_bytes(uint64_t *random)
{
    size_t n = random_size(random, BODY_BITS);
    return random_chance(random, 20) ? n - 1 : n;
}

static void make_echo(struct request *request, uint64_t *random, const char *end)
{
    request->body = request->answers = some_bytes(random);
    request->head_length = (size_t)snprintf(
        request->head, HEAD, "POST /echo HTTP/1.1\r\nHost: soak\r\nX-Key: %016llx\r\nContent-Length: %zu\r\n%s\r\n",
        (unsigned long long)request->key, request->body, end);
}

static void make_get(struct request *request, uint64_t *random, const char *end)
{
    char target[64] = "/";
    request->answers = 0;
    if (request->kind == BYTES) {
        request->answers = some_bytes(random);
        snprintf(target, sizeof target, "/bytes/%zu", request->answers);
    } else if (request->kind == MISSING) {
        snprintf(target, sizeof target, "/missing/%u", (unsigned)random_in(random, 0, 9999));
    }
    request->head_length =
        (size_t)snprintf(request->head, HEAD, "GET %s HTTP/1.1\r\nHost: soak\r\n%s\r\n", target, end);
}

/* A line that is too long, or that does not end within what a server can take. */
static void make_too_long(struct request *request, uint64_t *random)
{
    request->body = random_chance(random, 50) ? LONG_LINE : ENDLESS;
    request->head_length =
        (size_t)snprintf(request->head, HEAD, "%s", random_chance(random, 50) ? "GET /" : "GET / HTTP/1.1\r\nX-Long: ");
}

static void make(const struct peer *peer, uint64_t place, struct request *request)
{
    uint64_t random = request->key = random_mix(peer->key ^ (place + 1) * 0x9e3779b97f4a7c15ull);
    bool last = place + 1 == peer->http.count;
    const char *end = last && peer->plan != PLAN_SILENT && random_chance(&random, 30) ? "Connection: close\r\n" : "";
    unsigned dice = (unsigned)random_in(&random, 0, 9);
    request->body = request->answers = 0;
    request->kind = dice < 5 ? ECHO : dice < 8 ? BYTES : dice < 9 ? INDEX : MISSING;
    if (last && peer->plan == PLAN_RUDE)
        request->kind = TOO_LONG;
    if (request->kind == TOO_LONG)
        make_too_long(request, &random);
    else if (request->kind == ECHO)
        make_echo(request, &random, end);
    else
        make_get(request, &random, end);
}

static void begin(struct peer *peer)
{
    struct request request;
    peer->http.count = random_in(&peer->random, 1, peer->deaf ? 40 : 5);
    for (uint64_t i = 0; i < peer->http.count; i++) {
        make(peer, i, &request);
        peer->total += request.head_length + request.body;
    }
}

/* ---- saying ---- */

static unsigned char body_byte(const struct request *request, uint64_t at)
{
    if (request->kind == TOO_LONG)
        return at + 1 == request->body ? '\n' : 'x';
    return pattern_byte(request->key, at);
}

static size_t say(struct peer *peer, unsigned char *data, size_t n)
{
    struct request request;
    make(peer, peer->http.saying, &request);
    uint64_t at = peer->sent - peer->http.said_before;
    if (at == request.head_length + request.body) {
        peer->http.said_before = peer->sent;
        peer->http.saying++;
        make(peer, peer->http.saying, &request);
        at = 0;
    }
    size_t i = 0;
    for (; i < n && at < request.head_length; i++, at++)
        data[i] = (unsigned char)request.head[at];
    for (; i < n && at < request.head_length + request.body; i++, at++)
        data[i] = body_byte(&request, at - request.head_length);
    return i;
}

/* ---- hearing ---- */

static const char *check_length(const struct request *request, uint64_t length)
{
    bool told = request->kind == ECHO || request->kind == BYTES;
    return told && length != request->answers ? "a Content-Length that is wrong" : NULL;
}

static const char *hear_head(struct peer *peer, const struct request *request)
{
    struct http_state *http = &peer->http;
    int status = 0;
    http->head[http->head_length] = 0;
    if (sscanf(http->head, "HTTP/1.1 %d ", &status) != 1)
        return "no status line";
    const char *field = strstr(http->head, "\r\nContent-Length: ");
    if (!field)
        return "no Content-Length";
    http->body_left = strtoull(field + strlen("\r\nContent-Length: "), NULL, 10);
    http->body_at = 0;
    http->head_length = 0;
    http->in_body = true;
    if (request->kind == TOO_LONG) {
        http->refused = status == 414 || status == 431;
        return http->refused ? NULL : "a line that is too long was not refused";
    }
    if (status != (request->kind == MISSING ? 404 : 200))
        return "a wrong status";
    return check_length(request, http->body_left);
}

static const char *hear_body(struct peer *peer, const struct request *request, const unsigned char *data, size_t n)
{
    uint64_t at = peer->http.body_at;
    if (request->kind == ECHO && pattern_check(request->key, at, data, n) < n)
        return "a wrong byte in what came back";
    for (size_t i = 0; request->kind == BYTES && i < n; i++)
        if (data[i] != (unsigned char)(at + i))
            return "a wrong byte in what was asked for";
    peer->http.body_at += n;
    peer->http.body_left -= n;
    return NULL;
}

static bool is_head_complete(const struct http_state *http)
{
    return http->head_length >= 4 && memcmp(http->head + http->head_length - 4, "\r\n\r\n", 4) == 0;
}

/* Takes a byte of a head, or as much as there is of a body. */
static const char *hear_some(struct peer *peer, const struct request *request, const unsigned char **data, size_t *n)
{
    struct http_state *http = &peer->http;
    if (http->in_body) {
        size_t part = *n < http->body_left ? *n : (size_t)http->body_left;
        const char *wrong = hear_body(peer, request, *data, part);
        *data += part;
        *n -= part;
        return wrong;
    }
    if (http->head_length + 1 == sizeof http->head)
        return "a head without end";
    http->head[http->head_length++] = (char)*(*data)++;
    --*n;
    return is_head_complete(http) ? hear_head(peer, request) : NULL;
}

static const char *hear(struct peer *peer, const unsigned char *data, size_t n)
{
    struct http_state *http = &peer->http;
    struct request request;
    make(peer, http->expecting, &request);
    while (n > 0) {
        if (http->expecting > http->saying || http->expecting == http->count)
            return "an answer that nobody asked for";
        const char *wrong = hear_some(peer, &request, &data, &n);
        if (wrong)
            return wrong;
        if (!http->in_body || http->body_left > 0)
            continue;
        http->in_body = false;
        http->expecting++;
        make(peer, http->expecting, &request);
    }
    return NULL;
}

static bool is_answered(const struct peer *peer)
{
    const struct http_state *http = &peer->http;
    return peer->sent == peer->total ? http->expecting == http->count : http->expecting >= http->saying;
}

const struct speech speech_http = {"http", begin, say, hear, is_answered};
