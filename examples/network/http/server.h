/* An HTTP/1.1 server: routes, and functions that answer.
 *
 *     static int hello(struct http_exchange *exchange) { return http_respond(exchange, 200, "text/plain", "hello\n",
 * 6); } static const struct http_route routes[] = {{"GET", "/hello", hello}}; static struct http_site site = {routes,
 * 1, 30, NULL};
 *
 *     leash_server_t server = leash_start_server("127.0.0.1", 8080, http_serve, &site, NULL);
 *
 * A connection is one task: it reads a request, answers, and goes on until either side has enough. A peer that breaks
 * the rules gets an answer that says so (400, 408, 413, 414, 431, 501, 505), and no second chance. */
#ifndef EXAMPLE_HTTP_SERVER_H
#define EXAMPLE_HTTP_SERVER_H

#include "message.h"

/* One request and the answer to it. */
struct http_exchange {
    struct http_message request; /* its body is read by http_read_body, before the answer begins */
    void *arg;                   /* the site's */
    const char *allow;           /* the method that its path is for, where it has another one */
    bool answered;               /* the head of the answer has been written */
    uint64_t owed;               /* bytes of its body that were not written yet */
};

/* Answers. 0; or what went wrong, before the answer began: a status is made of it (-ENOENT 404, -EACCES 403, -EFBIG
 * 413,
 * ...; what means nothing to a peer is 500, and the failure of the connection's task). */
typedef int (*http_handler_t)(struct http_exchange *exchange);

struct http_route {
    const char *method; /* GET also answers HEAD */
    const char *path;   /* one that ends in '*' stands for all that begin so */
    http_handler_t handle;
};

struct http_site {
    const struct http_route *routes;
    size_t count;
    double patience; /* seconds that a peer may let a connection wait; below 0: without end */
    void *arg;
};

/* What a connection's task runs, for leash_start_server; arg is a struct http_site. */
int http_serve(leash_stream_t stream, void *arg);

/* The whole answer in one go. All of these: 0; as leash_stream_write and leash_stream_drain; -ETIMEDOUT. */
int http_respond(struct http_exchange *exchange, int status, const char *type, const void *body, size_t n);
/* The head alone; the body is to follow in pieces, `length` bytes in all. */
int http_begin(struct http_exchange *exchange, int status, const char *type, uint64_t length);
/* A piece. Suspends while the peer is slow. -EMSGSIZE: more than the head told. */
int http_write(struct http_exchange *exchange, const void *data, size_t n);

#endif
