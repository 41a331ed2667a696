/* An HTTP/1.1 client: GET. */
#ifndef EXAMPLE_HTTP_CLIENT_H
#define EXAMPLE_HTTP_CLIENT_H

#include "message.h"

/* Asks `host` for `target` over a connection and reads the head of what it answers; the body is the caller's to read.
 * After that the connection can be used again if response->keep_alive says so. response->stream and ->patience are set
 * before. 0; -EINVAL a space or a line's end is in one of the two; else as http_read_response, leash_stream_write. */
int http_get(struct http_message *response, const char *host, const char *target);
/* The whole of it: connects, asks, reads all of the body (up to 16 MiB), closes. The status, and the body in memory of
 * malloc, the caller's to free; or what leash_open_connection and the above fail with. */
int http_fetch(const char *host, int port, const char *target, char **body, size_t *size);

#endif
