/* echo_client PID PORT CONNECTIONS REQUESTS ROUNDS SIZE: every connection sends SIZE bytes, waits for them, and sends
 * again, until there were REQUESTS in all; ROUNDS times. Prints lines "name value", a request's, medians of the rounds
 * but the first:
 *
 *     process_ns  CPU time of process PID, all of its threads
 *     thread_ns   CPU time of its first thread alone
 *     wall_ns     how long it took
 *
 * Process PID is to be the server, and to do nothing else meanwhile. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 64, SIZE_MAX_ = 65536 };

static struct {
    int fd;
    size_t waits_for; /* bytes of the answer that are missing */
} connections[4096];

static int epoll;
static size_t count, size;
static char data[SIZE_MAX_];
static clockid_t process_clock;
static char thread_file[64];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static double clock_ns(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) < 0)
        fail("clock_gettime");
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Of the first thread of the server. */
static double thread_ns(void)
{
    double ns = 0;
    FILE *file = fopen(thread_file, "r");
    if (file && fscanf(file, "%lf", &ns) != 1)
        ns = 0;
    if (file)
        fclose(file);
    return ns;
}

static void ask(size_t i)
{
    connections[i].waits_for = size;
    if (write(connections[i].fd, data, size) != (ssize_t)size)
        fail("write");
}

static void connect_all(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const int on = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (size_t i = 0; i < count; i++) {
        int fd = connections[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = i};
        if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0 ||
            epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
            fail("connect");
    }
}

/* Whether all of the answer is there. */
static bool answered(size_t i)
{
    static char got[SIZE_MAX_];
    ssize_t n = read(connections[i].fd, got, connections[i].waits_for);
    if (n <= 0)
        fail("read");
    if (memcmp(got, data + size - connections[i].waits_for, (size_t)n) != 0) {
        fprintf(stderr, "the answer is not what was sent\n");
        exit(1);
    }
    connections[i].waits_for -= (size_t)n;
    return connections[i].waits_for == 0;
}

static void run_round(size_t requests)
{
    struct epoll_event events[4096];
    size_t asked = 0, done = 0;
    for (size_t i = 0; i < count && asked < requests; i++, asked++)
        ask(i);
    while (done < requests) {
        int ready = epoll_wait(epoll, events, 4096, -1);
        for (int i = 0; i < ready; i++) {
            if (!answered(events[i].data.u64))
                continue;
            done++;
            if (asked < requests) {
                asked++;
                ask(events[i].data.u64);
            }
        }
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, unsigned n)
{
    if (n > 1) {
        values++;
        n--;
    }
    qsort(values, n, sizeof(*values), by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "usage: echo_client PID PORT CONNECTIONS REQUESTS ROUNDS SIZE\n");
        return 2;
    }
    pid_t pid = atoi(argv[1]);
    size_t requests = strtoull(argv[4], NULL, 10);
    unsigned rounds = (unsigned)strtoul(argv[5], NULL, 10);
    double process[ROUNDS_MAX], thread[ROUNDS_MAX], wall[ROUNDS_MAX];
    count = strtoull(argv[3], NULL, 10);
    size = strtoull(argv[6], NULL, 10);
    if (count > 4096 || rounds > ROUNDS_MAX || size > SIZE_MAX_ || clock_getcpuclockid(pid, &process_clock) != 0)
        return 2;
    for (size_t i = 0; i < size; i++)
        data[i] = (char)(i * 7 + 1);
    snprintf(thread_file, sizeof(thread_file), "/proc/%d/task/%d/schedstat", (int)pid, (int)pid);
    epoll = epoll_create1(0);
    connect_all(atoi(argv[2]));
    for (unsigned i = 0; i < rounds; i++) {
        double cpu = clock_ns(process_clock), own = thread_ns(), began = clock_ns(CLOCK_MONOTONIC);
        run_round(requests);
        process[i] = (clock_ns(process_clock) - cpu) / (double)requests;
        thread[i] = (thread_ns() - own) / (double)requests;
        wall[i] = (clock_ns(CLOCK_MONOTONIC) - began) / (double)requests;
    }
    printf("process_ns %.1f\nthread_ns %.1f\nwall_ns %.1f\n", median(process, rounds), median(thread, rounds),
           median(wall, rounds));
    return 0;
}
