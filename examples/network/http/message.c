#include "message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What the fields of one head said. */
struct fields {
    bool has_length;
    uint64_t length;
    int hosts;
};

/* ---- words ---- */

/* The characters of methods and of names of fields (RFC 9110, 5.6.2). */
static bool is_token(const char *text)
{
    static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    return *text && text[strspn(text, token)] == '\0';
}

/* Cuts text at the first `mark`; what is behind it, or NULL. */
static char *cut(char *text, char mark)
{
    char *found = strchr(text, mark);
    if (!found)
        return NULL;
    *found = '\0';
    return found + 1;
}

static char *trimmed(char *text)
{
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    text[n] = '\0';
    return text;
}

/* Is word in a list with commas between? */
static bool lists(const char *list, const char *word)
{
    size_t n = strlen(word);
    while (*list) {
        list += strspn(list, ", \t");
        size_t item = strcspn(list, ", \t");
        if (item == n && strncasecmp(list, word, n) == 0)
            return true;
        list += item;
    }
    return false;
}

/* Copies where there is room for it and a zero byte. */
static bool copied(char *to, size_t size, const char *text)
{
    size_t n = strlen(text);
    if (n >= size)
        return false;
    memcpy(to, text, n + 1);
    return true;
}

/* ---- lines ---- */

/* The next line without its end. */
static int read_line(struct http_message *message, char line[HTTP_LINE_MAX])
{
    const char *data;
    int n = leash_stream_readuntil(message->stream, "\n", 1, &data);
    if (n < 0)
        return n;
    if (n > HTTP_LINE_MAX)
        return -EMSGSIZE;
    n -= n > 1 && data[n - 2] == '\r' ? 2 : 1;
    if (memchr(data, '\0', (size_t)n) || memchr(data, '\r', (size_t)n))
        return -EBADMSG;
    memcpy(line, data, (size_t)n);
    line[n] = '\0';
    return 0;
}

static int read_version(struct http_message *message, const char *text)
{
    if (strcmp(text, "HTTP/1.1") == 0)
        message->keep_alive = true;
    else if (strcmp(text, "HTTP/1.0") == 0)
        message->keep_alive = false;
    else
        return strncmp(text, "HTTP/", 5) == 0 ? -EPROTONOSUPPORT : -EBADMSG;
    return 0;
}

/* GET /path HTTP/1.1 */
static int request_line(struct http_message *message, char *line)
{
    char *target = cut(line, ' ');
    char *version = target ? cut(target, ' ') : NULL;
    if (!version || !is_token(line) || (*target != '/' && strcmp(target, "*") != 0))
        return -EBADMSG;
    if (!copied(message->method, sizeof(message->method), line))
        return -ENOTSUP;
    if (!copied(message->target, sizeof(message->target), target))
        return -ENAMETOOLONG;
    return read_version(message, version);
}

/* HTTP/1.1 200 OK */
static int status_line(struct http_message *message, char *line)
{
    char *status = cut(line, ' ');
    if (!status || strspn(status, "0123456789") != 3 || (status[3] != '\0' && status[3] != ' '))
        return -EBADMSG;
    message->status = atoi(status);
    return read_version(message, line);
}

/* ---- fields ---- */

static int content_length(struct fields *fields, const char *value)
{
    if (!*value || value[strspn(value, "0123456789")])
        return -EBADMSG;
    errno = 0;
    unsigned long long length = strtoull(value, NULL, 10);
    if (errno || length > INT64_MAX)
        return -EFBIG;
    if (fields->has_length && fields->length != length)
        return -EBADMSG; /* who believes which one is how requests are smuggled */
    fields->has_length = true;
    fields->length = length;
    return 0;
}

static int one_field(struct http_message *message, struct fields *fields, char *line)
{
    char *value = cut(line, ':');
    if (!value || !is_token(line))
        return -EBADMSG;
    value = trimmed(value);
    if (strcasecmp(line, "Content-Length") == 0)
        return content_length(fields, value);
    if (strcasecmp(line, "Transfer-Encoding") == 0)
        return -ENOTSUP;
    if (strcasecmp(line, "Connection") == 0) {
        if (lists(value, "close"))
            message->keep_alive = false;
        else if (lists(value, "keep-alive"))
            message->keep_alive = true;
    } else if (strcasecmp(line, "Host") == 0) {
        fields->hosts++;
    } else if (strcasecmp(line, "Expect") == 0) {
        message->expects_continue = lists(value, "100-continue");
    }
    return 0;
}

/* Up to the empty line. */
static int read_fields(struct http_message *message, struct fields *fields, char line[HTTP_LINE_MAX])
{
    for (int n = 0; n <= HTTP_FIELDS_MAX; n++) {
        int rc = read_line(message, line);
        if (rc < 0 || !*line)
            return rc;
        rc = one_field(message, fields, line);
        if (rc < 0)
            return rc;
    }
    return -EMSGSIZE;
}

/* ---- heads ---- */

static int request_head(struct http_message *message)
{
    char line[HTTP_LINE_MAX];
    struct fields fields = {0};
    int rc = read_line(message, line);
    if (rc == 0 && !*line) /* some send an empty line after a body */
        rc = read_line(message, line);
    if (rc == -ENODATA && leash_stream_buffered(message->stream) == 0)
        return 0;
    if (rc == 0)
        rc = request_line(message, line);
    bool is_1_1 = message->keep_alive;
    if (rc == 0)
        rc = read_fields(message, &fields, line);
    if (rc < 0)
        return rc;
    if (fields.hosts > 1 || (is_1_1 && fields.hosts == 0))
        return -EBADMSG;
    message->left = fields.length;
    return 1;
}

static int response_head(struct http_message *message)
{
    char line[HTTP_LINE_MAX];
    struct fields fields = {0};
    int rc = read_line(message, line);
    if (rc == 0)
        rc = status_line(message, line);
    if (rc == 0)
        rc = read_fields(message, &fields, line);
    if (rc < 0)
        return rc;
    bool bodiless = message->status < 200 || message->status == 204 || message->status == 304;
    message->left = bodiless ? 0 : fields.has_length ? fields.length : HTTP_UNTIL_CLOSE;
    if (message->left == HTTP_UNTIL_CLOSE)
        message->keep_alive = false;
    return 0;
}

/* Reads a head within the message's patience. */
static int patiently(struct http_message *message, int (*read_head)(struct http_message *message))
{
    leash_timeout_t scope = leash_timeout_begin(message->patience);
    if (!scope)
        return -errno;
    message->method[0] = '\0';
    message->keep_alive = message->expects_continue = false;
    message->left = 0;
    return leash_timeout_end(scope, read_head(message));
}

int http_read_request(struct http_message *message)
{
    return patiently(message, request_head);
}

int http_read_response(struct http_message *message)
{
    int rc;
    do
        rc = patiently(message, response_head);
    while (rc == 0 && message->status < 200);
    return rc;
}

/* ---- bodies ---- */

static int read_piece(struct http_message *message, void *buffer, size_t n)
{
    if (leash_stream_buffered(message->stream) > 0)
        return leash_stream_read(message->stream, buffer, n);
    leash_timeout_t scope = leash_timeout_begin(message->patience);
    return scope ? leash_timeout_end(scope, leash_stream_read(message->stream, buffer, n)) : -errno;
}

int http_read_body(struct http_message *message, void *buffer, size_t n)
{
    if (n > message->left)
        n = (size_t)message->left;
    if (n == 0)
        return 0;
    if (message->expects_continue) {
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        int rc = leash_stream_write(message->stream, go_on, sizeof(go_on) - 1);
        if (rc < 0)
            return rc;
        message->expects_continue = false;
    }
    int got = read_piece(message, buffer, n);
    if (got == 0 && message->left != HTTP_UNTIL_CLOSE)
        return -ENODATA;
    if (got == 0)
        message->left = 0;
    else if (got > 0 && message->left != HTTP_UNTIL_CLOSE)
        message->left -= (uint64_t)got;
    return got;
}

int http_read_whole_body(struct http_message *message, size_t limit, char **body, size_t *size)
{
    enum { PIECE = 16384 };
    char *data = NULL;
    size_t used = 0, room = 0;
    int got;
    if (message->left != HTTP_UNTIL_CLOSE && message->left > limit)
        return -EFBIG;
    do {
        if (used + 1 >= room) { /* grows with what came, not with what was promised */
            room = room ? 2 * room : PIECE;
            char *larger = realloc(data, room);
            if (!larger) {
                free(data);
                return -ENOMEM;
            }
            data = larger;
        }
        got = http_read_body(message, data + used, room - used - 1);
        if (got > 0)
            used += (size_t)got;
    } while (got > 0 && used <= limit);
    if (got < 0 || used > limit) {
        free(data);
        return got < 0 ? got : -EFBIG;
    }
    data[used] = '\0';
    *body = data;
    *size = used;
    return 0;
}
