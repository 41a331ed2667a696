/* 5.5 A server that forgets one connection's task in ten: the book that it keeps of them has no page for it, so nobody
 * can ever cancel or await it. The trace tells while it runs:
 *
 *     LEASH_TRACE=server.db forgetful_server &      prints the port that it listens on
 *     leash tui --follow server.db
 *
 * A SIGINT ends it; it says goodbye to everybody whom it knows. */
#include <errno.h>
#include <leash.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

enum { MOST = 10000, FORGETS = 10 };

/* Who is there: a page for each connection, in the order in which they came. */
static struct {
    leash_task_t pages[MOST];
    size_t count;
} book;

static int serve(void *arg)
{
    leash_stream_t stream = *(leash_stream_t *)arg;
    const char *line;
    int n;
    while ((n = leash_stream_readline(stream, &line)) > 0) {
        int rc = leash_stream_write(stream, line, (size_t)n);
        if (rc == 0)
            rc = leash_stream_drain(stream);
        if (rc < 0)
            break;
    }
    leash_stream_close(stream);
    return n < 0 ? n : 0;
}

static void begin_serving(leash_stream_t stream, size_t number)
{
    leash_task_t task = leash_create_task(leash_coro_copy(serve, &stream, sizeof stream));
    if (task && number % FORGETS != 0) /* the mistake */
        book.pages[book.count++] = task;
}

static int accept_all(leash_server_t server)
{
    for (size_t number = 1; number <= MOST; number++) {
        leash_stream_t stream;
        int rc = leash_accept(server, &stream);
        if (rc < 0)
            return rc;
        begin_serving(stream, number);
    }
    return leash_fail(-ENOSPC, "the book is full");
}

static int say_goodbye(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < book.count; i++)
        leash_cancel(book.pages[i], "the server closes");
    for (size_t i = 0; i < book.count; i++)
        leash_await(book.pages[i], NULL);
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    leash_server_t server = leash_listen("127.0.0.1", 0, 0);
    if (!server)
        return leash_fail(-errno, "%s", leash_last_error());
    printf("%d\n", leash_server_port(server));
    fflush(stdout);
    int rc = leash_defer(say_goodbye, NULL);
    if (rc == 0)
        rc = accept_all(server);
    leash_server_close(server);
    return rc;
}

int main(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    signal(SIGPIPE, SIG_IGN);
    int rc = leash_run(leash_coro(app, NULL));
    if (rc < 0 && rc != -EINTR)
        fprintf(stderr, "forgetful_server: %s\n", leash_last_error());
    return rc < 0 && rc != -EINTR;
}
