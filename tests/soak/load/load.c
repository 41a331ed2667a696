/* Keeps connections open to a port of this machine for a while, and tells what came of them.
 *
 *     load echo|http PORT [-c CONNECTIONS] [-t SECONDS] [-s SEED] [-p PATIENCE]
 *
 * Then no more are opened; those that have finished stay. When only they are left it prints "waiting": from then on
 * the server must close. Exits 1 if a byte was lost or wrong, or a connection got stuck. */
#include "load.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { TICK = 20 /* ms */, OPENED_AT_ONCE = 100, OPENING = 1000, EVENTS = 512 };

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the loop ---- */

static void open_more(struct load *load)
{
    size_t place = 0;
    for (int i = 0; i < OPENED_AT_ONCE && load->open < load->connections && load->opening < OPENING; i++) {
        while (load->peers[place].fd >= 0)
            place++;
        if (!peer_open(load, &load->peers[place]))
            return;
    }
    if (load->open > load->most)
        load->most = load->open;
}

/* How many are kept. */
static size_t tick(struct load *load)
{
    size_t kept = 0;
    for (size_t i = 0; i < load->connections; i++) {
        if (load->peers[i].fd < 0)
            continue;
        peer_tick(load, &load->peers[i]);
        kept += load->peers[i].fd >= 0 && peer_is_kept(load, &load->peers[i]);
    }
    return kept;
}

/* Until the next tick is due. */
static void serve(struct load *load, int64_t until)
{
    struct epoll_event events[EVENTS];
    while ((load->now = clock_ms()) < until) {
        int n = epoll_wait(load->epoll, events, EVENTS, (int)(until - load->now));
        load->now = clock_ms();
        for (int i = 0; i < n; i++)
            peer_ready(load, events[i].data.ptr, events[i].events);
    }
}

static void run(struct load *load)
{
    bool waiting = false;
    int64_t began = load->now = clock_ms(), end = began + (int64_t)(load->seconds * 1000), last = 0;
    while (!load->ending || load->open > 0) {
        load->ending = load->now >= end;
        size_t kept = tick(load);
        if (!load->ending)
            open_more(load);
        if (load->ending && !waiting && kept == load->open) {
            waiting = true;
            last = load->now + (int64_t)(load->patience * 1000);
            printf("waiting %zu\n", kept);
            fflush(stdout);
        }
        if (waiting && load->now > last) {
            fprintf(stderr, "load: the server does not close the %zu connections that are left\n", load->open);
            load->count.stuck += load->open;
            return;
        }
        serve(load, load->now + TICK);
    }
}

/* ---- the program ---- */

static int report(const struct load *load)
{
    static const char *const names[] = {
#define PLAN(name, counted) #counted,
        PLANS(PLAN)
#undef PLAN
    };
    printf("connected %llu\nmost_at_a_time %zu\n", (unsigned long long)load->count.connected, load->most);
    printf("bytes_sent %llu\nbytes_received %llu\n", (unsigned long long)load->count.sent,
           (unsigned long long)load->count.received);
    printf("answered_in_full %llu\n", (unsigned long long)load->count.exchanges);
    for (int i = 0; i < PLANS; i++)
        printf("%s %llu\n", names[i], (unsigned long long)load->count.ended[i]);
    printf("cut_by_server %llu\nkept_to_the_end %llu\n", (unsigned long long)load->count.cut,
           (unsigned long long)load->count.kept);
    printf("wrong %llu\nstuck %llu\n", (unsigned long long)load->count.wrong, (unsigned long long)load->count.stuck);
    return load->count.wrong > 0 || load->count.stuck > 0;
}

static void read_options(struct load *load, int argc, char **argv)
{
    int option;
    while ((option = getopt(argc, argv, "c:t:s:p:")) != -1) {
        switch (option) {
        case 'c':
            load->connections = strtoul(optarg, NULL, 10);
            break;
        case 't':
            load->seconds = strtod(optarg, NULL);
            break;
        case 's':
            load->seed = strtoull(optarg, NULL, 0);
            break;
        case 'p':
            load->patience = strtod(optarg, NULL);
            break;
        default:
            exit(2);
        }
    }
    if (argc - optind != 2) {
        fputs("usage: load echo|http PORT [-c CONNECTIONS] [-t SECONDS] [-s SEED] [-p PATIENCE]\n", stderr);
        exit(2);
    }
    load->speech = strcmp(argv[optind], "http") == 0 ? &speech_http : &speech_echo;
    load->port = atoi(argv[optind + 1]);
}

int main(int argc, char **argv)
{
    struct load load = {.connections = 200, .seconds = 3, .patience = 30, .seed = (uint64_t)time(NULL)};
    read_options(&load, argc, argv);
    printf("seed %llu\n", (unsigned long long)load.seed);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    load.peers = calloc(load.connections, sizeof *load.peers);
    if (load.epoll < 0 || !load.peers) {
        perror("load");
        return 2;
    }
    for (size_t i = 0; i < load.connections; i++)
        load.peers[i].fd = -1;
    run(&load);
    free(load.peers);
    close(load.epoll);
    return report(&load);
}
