/* libuv's callbacks, as fast as they go: one buffer for all, and an answer that is written at once. */
#include "echo.h"

#include <uv.h>

static char buffer[ECHO_BUFFER];

static void on_closed(uv_handle_t *handle)
{
    free(handle);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *room)
{
    (void)handle, (void)suggested;
    *room = uv_buf_init(buffer, sizeof(buffer));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *room)
{
    uv_buf_t part = uv_buf_init(room->base, n > 0 ? (unsigned)n : 0);
    if (n < 0 || (n > 0 && uv_try_write(stream, &part, 1) != n))
        uv_close((uv_handle_t *)stream, on_closed);
}

static void on_connection(uv_stream_t *listener, int status)
{
    uv_tcp_t *connection = malloc(sizeof(*connection));
    if (status < 0 || !connection || uv_tcp_init(listener->loop, connection) < 0 ||
        uv_accept(listener, (uv_stream_t *)connection) < 0)
        echo_fail("accept");
    uv_tcp_nodelay(connection, 1);
    uv_read_start((uv_stream_t *)connection, on_room, on_read);
}

int main(void)
{
    uv_loop_t *loop = uv_default_loop();
    uv_tcp_t listener;
    uv_tcp_init(loop, &listener);
    if (uv_tcp_open(&listener, echo_listen()) < 0 || uv_listen((uv_stream_t *)&listener, 1024, on_connection) < 0)
        echo_fail("uv_listen");
    return uv_run(loop, UV_RUN_DEFAULT);
}
