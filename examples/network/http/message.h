/* HTTP/1.1 messages as they come in (RFC 9112): what a server reads of requests, and a client of responses.
 *
 *     struct http_message message = {.stream = stream, .patience = 10};
 *     int rc = http_read_request(&message);
 *     while (rc > 0 && (rc = http_read_body(&message, data, sizeof(data))) > 0)
 *         ...
 *
 * Nothing of a peer's is believed: lines and the number of fields are limited, a length is a number, and only one; what
 * is against the grammar is refused. Bodies have a Content-Length, or end with the connection: a Transfer-Encoding is
 * refused. All suspend, inside a task. Beside what leash_stream_read returns:
 *   -EBADMSG it is no HTTP; -EMSGSIZE a line is too long, or there are too many; -ENAMETOOLONG the target is;
 *   -EFBIG a length is; -ENOTSUP Transfer-Encoding, or a method as nobody has it; -EPROTONOSUPPORT not HTTP/1.0 or 1.1;
 *   -ENODATA the peer left in the middle; -ETIMEDOUT it kept us waiting for longer than `patience` */
#ifndef EXAMPLE_HTTP_MESSAGE_H
#define EXAMPLE_HTTP_MESSAGE_H

#include <leash.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HTTP_LINE_MAX = 8192, /* bytes; the stream's read limit must be no less */
    HTTP_FIELDS_MAX = 100,
};

#define HTTP_UNTIL_CLOSE UINT64_MAX

struct http_message {
    leash_stream_t stream;
    double patience;       /* seconds for a head, and for each further piece of a body; below 0: without end */
    char method[16];       /* of a request; "" until its first line was read */
    char target[1024];     /* of a request: path and query, as they came */
    int status;            /* of a response */
    uint64_t left;         /* bytes of the body that were not read yet, or HTTP_UNTIL_CLOSE */
    bool keep_alive;       /* another message may follow in the same connection */
    bool expects_continue; /* the peer holds its body back until it is asked for it: http_read_body does */
};

/* The first line and the fields of a request. 1; 0 the peer left instead, which is its right. */
int http_read_request(struct http_message *message);
/* The same of a response; those that only say that one will come (1xx) are passed over. 0. */
int http_read_response(struct http_message *message);
/* What there is of the body, up to n bytes. How many; 0 at its end. */
int http_read_body(struct http_message *message, void *buffer, size_t n);
/* All of it, up to `limit` bytes, in memory of malloc that is the caller's to free, with a zero byte behind it. 0;
 * -EFBIG; -ENOMEM. */
int http_read_whole_body(struct http_message *message, size_t limit, char **body, size_t *size);

#endif
