#include "client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE = 30, BODY_MAX = 16 << 20 };

/* What would let a target end the line that it stands in, and go on with lines of its own. */
static bool has_spaces(const char *text)
{
    return text[strcspn(text, " \t\r\n")] != '\0';
}

int http_get(struct http_message *response, const char *host, const char *target)
{
    char head[2 * sizeof(response->target)];
    if (has_spaces(host) || has_spaces(target))
        return -EINVAL;
    int n = snprintf(head, sizeof(head), "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", target, host);
    if (n >= (int)sizeof(head))
        return -ENAMETOOLONG;
    int rc = leash_stream_write(response->stream, head, (size_t)n);
    return rc < 0 ? rc : http_read_response(response);
}

int http_fetch(const char *host, int port, const char *target, char **body, size_t *size)
{
    struct http_message response = {.patience = PATIENCE};
    response.stream = leash_open_connection(host, port);
    if (!response.stream)
        return -errno;
    int rc = http_get(&response, host, target);
    if (rc == 0)
        rc = http_read_whole_body(&response, BODY_MAX, body, size);
    leash_stream_close(response.stream);
    return rc < 0 ? rc : response.status;
}
