/* Streams: TCP and Unix connections, pipes and terminals. What asyncio keeps in a StreamReader and a StreamWriter is
 * one handle here, for both directions.
 *
 *     leash_stream_t stream = leash_open_connection("localhost", 8080);
 *     leash_stream_write(stream, "GET / HTTP/1.0\r\n\r\n", 18);
 *     int rc = leash_stream_drain(stream);                 // waits while the peer is slow
 *     const char *line;
 *     while (rc >= 0 && (rc = leash_stream_readline(stream, &line)) > 0)
 *         fwrite(line, 1, (size_t)rc, stdout);
 *     leash_stream_close(stream);
 *
 * Semantics: CPython 3.11's Lib/asyncio/streams.py and selector_events.py. What differs:
 *   - an outcome is the return value: what a write finds out is told by that write already;
 *   - a stream of which a read or write failed keeps the error, and has lost its descriptor; it is closed all the same;
 *   - what did not come in full stays to be read (-ENODATA), and is not thrown away;
 *   - close also throws away what was received and not read; a closed stream's handle goes once all is sent. From then
 *     on reads tell the end, as they do in asyncio, and writes are refused.
 * Nobody may have to be told twice: a cancelled or timed out read takes no byte with it.
 *
 * One task reads at a time; any number may write and drain. All: the thread of the stream's loop (-EPERM otherwise).
 * -ESTALE is answered by none, where not told; -EINVAL is what was never a stream. Each stream is an object in the
 * trace ("tcp 127.0.0.1:80 < 127.0.0.1:5123"); one that is open when its loop ends is told of as left open. While a
 * loop has streams, SIGPIPE is ignored if it was not handled (SIG_DFL): a write gets -EPIPE. */
#ifndef LEASH_STREAM_H
#define LEASH_STREAM_H

#include <leash/site.h>
#include <stddef.h>
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_stream_ *leash_stream_t;

/* ---- opening ---- */

/* leash_open_connection(host, port): suspends until it is connected. host is a name or an address; a name is looked up,
 * and all its addresses are tried in turn. TCP_NODELAY is set. NULL and errno (valid right after the call): ECANCELED;
 * ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ...: what the first address failed with, leash_last_error() tells of all;
 * ENXIO there is no such host; EAGAIN nobody knows now; EINVAL host is NULL, or port not from 1 to 65535; EPERM not
 * inside a task; EMFILE, ENFILE, ENOMEM. */
#define leash_open_connection(host, port) leash__open_connection((host), (port), LEASH_SITE("leash_open_connection"))
/* The same to a Unix socket. NULL and errno: ENAMETOOLONG path has more than 107 bytes; ENOENT; ECONNREFUSED nobody
 * listens; EAGAIN too many wait there already; EACCES; and as above. */
#define leash_open_unix_connection(path) leash__open_unix_connection((path), LEASH_SITE("leash_open_unix_connection"))
/* A stream of a pipe, a terminal or a stream socket; takes the descriptor over, makes it non-blocking, and closes it in
 * the end (but for 0, 1 and 2, which stay open). Others that share the open file find it non-blocking too, but for a
 * terminal, which is opened anew for this. Never suspends. NULL and errno, fd still the caller's: EBADF; EPERM it is a
 * file or a device that cannot be waited for; EPROTOTYPE a socket, but no stream; EBUSY it is waited for already, or
 * another stream's; EPERM no running loop; EMFILE, ENOMEM. */
#define leash_stream_from_fd(fd) leash__stream_from_fd((fd), LEASH_SITE("leash_stream_from_fd"))
/* Two streams, connected with one another. 0; -EMFILE, -ENOMEM, -EPERM no running loop. Never suspends. */
#define leash_stream_pair(out) leash__stream_pair((out), LEASH_SITE("leash_stream_pair"))

/* ---- reading ---- */

/* leash_stream_read(stream, buffer, n): what is there, up to n bytes; suspends while there is nothing. How many; 0 at
 * the end, or when it is closed, or n is 0. -ECANCELED; -EBUSY another task waits for bytes; -ECONNRESET, ...: it was
 * lost; -EBADF it can only be written; -EPERM not inside a task; -ENOMEM. No more than INT_MAX at a time. */
#define leash_stream_read(stream, buffer, n)                                                                           \
    leash__stream_read((stream), (buffer), (n), LEASH_SITE("leash_stream_read"))
/* Exactly n bytes (up to INT_MAX). n; -ENODATA the end came first: what came stays, leash_stream_buffered() says how
 * much, and leash_stream_read() reads it; else as read. */
#define leash_stream_readexactly(stream, buffer, n)                                                                    \
    leash__stream_readexactly((stream), (buffer), (n), LEASH_SITE("leash_stream_readexactly"))
/* leash_stream_readuntil(stream, separator, length, &data): up to the separator and with it: *data points at it, in the
 * stream's own memory, valid until the next read from the stream, or its close; no zero byte follows. How long it is;
 * -ENODATA the end came first (what came stays); -EMSGSIZE more than the limit, and no separator, or one behind it: all
 * stays; -EINVAL length is 0; else as read. */
#define leash_stream_readuntil(stream, separator, length, data)                                                        \
    leash__stream_readuntil((stream), (separator), (length), (data), LEASH_SITE("leash_stream_readuntil"))
/* A line with its '\n'; without one if the end came first. How long it is; 0 at the end; -EMSGSIZE it is longer than
 * the limit: it is thrown away (without a '\n' yet: as far as it came); else as readuntil. */
#define leash_stream_readline(stream, data)                                                                            \
    leash__stream_readline((stream), (data), LEASH_SITE("leash_stream_readline"))
/* 1: the end came (or it is closed), and all was read; 0; -EINVAL, -EPERM. */
LEASH_API int leash_stream_at_eof(leash_stream_t stream);
/* How many bytes can be read without waiting, as far as the stream holds them. -EINVAL, -EPERM. */
LEASH_API int leash_stream_buffered(leash_stream_t stream);
/* The limit of readuntil and readline; no more than twice as much is received ahead of the reader. 64 KiB at first.
 * 0; -EINVAL it is 0 or more than 256 MiB, or no stream; -EPERM. */
LEASH_API int leash_stream_set_read_limit(leash_stream_t stream, size_t limit);

/* ---- writing ---- */

/* Sends what the peer takes at once, keeps a copy of the rest and sends it as it can. Never suspends. 0; -EPIPE the
 * peer, or this side, has closed it, or write_eof came before; -ECONNRESET, ...: it was lost; -EBADF it can only be
 * read; -ENOMEM nothing was sent (or the stream is lost, where a part was). */
#define leash_stream_write(stream, data, n) leash__stream_write((stream), (data), (n), LEASH_SITE("leash_stream_write"))
/* writelines: the parts in one go. Count from 0 on. */
#define leash_stream_writev(stream, parts, count)                                                                      \
    leash__stream_writev((stream), (parts), (count), LEASH_SITE("leash_stream_writev"))
/* Suspends while more waits to be sent than the high mark, until it is no more than the low one. Several tasks may.
 * 0; -ECANCELED; -ECONNRESET it is closed; what it was lost with; -EPERM not inside a task. */
#define leash_stream_drain(stream) leash__stream_drain((stream), LEASH_SITE("leash_stream_drain"))
/* Tells the peer that nothing follows, once all is sent; reading goes on. Again is harmless. Never suspends. 0;
 * -ENOTSUP a pipe or a terminal: close it; -EPIPE it is closed; what it was lost with. */
LEASH_API int leash_stream_write_eof(leash_stream_t stream);
/* How many bytes wait to be sent. 0 also of a closed one; -EINVAL, -EPERM. */
LEASH_API int leash_stream_unsent(leash_stream_t stream);
/* The marks of drain: 16 KiB and 64 KiB at first. 0; -EINVAL low is more than high, or no stream; -EPERM. */
LEASH_API int leash_stream_set_write_limits(leash_stream_t stream, size_t low, size_t high);

/* ---- closing ---- */

/* Closes it: what waits to be sent is still sent, then the descriptor goes, and the handle with it. Who reads is told
 * the end. Never suspends. 0, also if it is closed; -EINVAL, -EPERM. */
LEASH_API int leash_stream_close(leash_stream_t stream);
/* Closes it at once, whatever waits to be sent. 0; -EINVAL, -EPERM. */
LEASH_API int leash_stream_abort(leash_stream_t stream);
/* Suspends until it is closed, by this side or because it was lost. 0 (also for one that was closed before); what it
 * was lost with; -ECANCELED; -EPERM not inside a task. */
#define leash_stream_wait_closed(stream) leash__stream_wait_closed((stream), LEASH_SITE("leash_stream_wait_closed"))
/* 1: close was called, or it was lost; 0; -EINVAL, -EPERM. */
LEASH_API int leash_stream_is_closing(leash_stream_t stream);

/* ---- what it is ---- */

/* The descriptor, valid until it is closed; not to be read, written or closed. -EBADF it is closed or lost. */
LEASH_API int leash_stream_fd(leash_stream_t stream);
/* Both ends as text: "127.0.0.1:80", "[::1]:80", "/tmp/socket"; "" one without a name. As snprintf: how long it is, cut
 * to size. -ENOTSOCK a pipe or a terminal; -EBADF it is closed; -ENOTCONN the peer is gone. */
LEASH_API int leash_stream_peername(leash_stream_t stream, char *text, size_t size);
LEASH_API int leash_stream_sockname(leash_stream_t stream, char *text, size_t size);
/* TCP_NODELAY, set at first. 0; -EOPNOTSUPP it is not TCP; -EBADF it is closed. */
LEASH_API int leash_stream_set_nodelay(leash_stream_t stream, int on);
/* Probes the peer after so many seconds of silence; 0: never, as at first. 0; as nodelay. */
LEASH_API int leash_stream_set_keepalive(leash_stream_t stream, unsigned seconds);

LEASH_API LEASH_MUST_USE leash_stream_t leash__open_connection(const char *host, int port, struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_stream_t leash__open_unix_connection(const char *path, struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_stream_t leash__stream_from_fd(int fd, struct leash_site *site);
LEASH_API int leash__stream_pair(leash_stream_t out[2], struct leash_site *site);
LEASH_API int leash__stream_read(leash_stream_t stream, void *buffer, size_t n, struct leash_site *site);
LEASH_API int leash__stream_readexactly(leash_stream_t stream, void *buffer, size_t n, struct leash_site *site);
LEASH_API int leash__stream_readuntil(leash_stream_t stream, const void *separator, size_t length, const char **data,
                                      struct leash_site *site);
LEASH_API int leash__stream_readline(leash_stream_t stream, const char **data, struct leash_site *site);
LEASH_API int leash__stream_write(leash_stream_t stream, const void *data, size_t n, struct leash_site *site);
LEASH_API int leash__stream_writev(leash_stream_t stream, const struct iovec *parts, int count,
                                   struct leash_site *site);
LEASH_API int leash__stream_drain(leash_stream_t stream, struct leash_site *site);
LEASH_API int leash__stream_wait_closed(leash_stream_t stream, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
