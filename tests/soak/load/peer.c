/* One connection, from the opening to the end that it has in mind. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

enum {
    SOURCES = 16,  /* addresses that connections come from: each has so many ports, and a closed one rests a minute */
    GAP_LOW = 100, /* ms between two things said */
    GAP_HIGH = 3500,
    DEAF_LOW = 300, /* ms without reading */
    DEAF_HIGH = 4000,
    SILENT_LOW = 1000, /* ms without a word */
    SILENT_HIGH = 4000,
    DEAF_BUFFER = 65536,
    PIECE = 16384,
    READS = 4 /* at a time; the others wait too */
};
#define NEVER INT64_MAX

static void fault(struct load *load, const struct peer *peer, uint64_t *count, const char *what)
{
    static const char *const names[] = {
#define PLAN(name, counted) #name,
        PLANS(PLAN)
#undef PLAN
    };
    enum { TOLD = 20 };
    if (++*count <= TOLD)
        fprintf(stderr, "load: key %016llx, %s: %s; sent %llu of %llu, received %llu, no progress for %lld ms\n",
                (unsigned long long)peer->key, names[peer->plan], what, (unsigned long long)peer->sent,
                (unsigned long long)peer->total, (unsigned long long)peer->received,
                (long long)(load->now - peer->progress));
}

/* ---- its end ---- */

static void end(struct load *load, struct peer *peer, uint64_t *count)
{
    if (!peer->connected)
        load->opening--;
    close(peer->fd);
    peer->fd = -1;
    load->open--;
    ++*count;
}

static void end_as_planned(struct load *load, struct peer *peer)
{
    const struct linger reset = {1, 0};
    if (peer->plan == PLAN_RESET)
        setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    end(load, peer, &load->count.ended[peer->plan]);
}

static void end_wrong(struct load *load, struct peer *peer, const char *what)
{
    uint64_t ended = 0;
    fault(load, peer, &load->count.wrong, what);
    end(load, peer, &ended);
}

static bool cuts(const struct peer *peer)
{
    return peer->plan == PLAN_RESET || peer->plan == PLAN_DROP;
}

/* All is said, and all that it wants to hear was heard. */
static bool is_done(const struct load *load, const struct peer *peer)
{
    return !cuts(peer) && (peer->sent == peer->total || peer->http.refused) && load->speech->is_answered(peer);
}

static bool waits_for_the_end(const struct peer *peer)
{
    return peer->over && (peer->plan == PLAN_HALF || peer->plan == PLAN_RUDE);
}

/* The other side has closed (error 0), or broken the connection. */
static void end_by_server(struct load *load, struct peer *peer, int error)
{
    bool just_done = !peer->over && is_done(load, peer); /* the last answer, and the end right behind it */
    peer->over = peer->over || just_done;
    if ((waits_for_the_end(peer) || just_done) && error == 0)
        end_as_planned(load, peer);
    else
        end(load, peer, peer->over && load->ending ? &load->count.kept : &load->count.cut);
}

bool peer_is_kept(const struct load *load, const struct peer *peer)
{
    return load->ending && peer->over && !waits_for_the_end(peer);
}

/* ---- its beginning ---- */

static enum plan choose_plan(uint64_t *random)
{
    static const unsigned char percent[] = {
        [PLAN_TOUCH] = 5,  [PLAN_RESET] = 12, [PLAN_DROP] = 10, [PLAN_HALF] = 30,
        [PLAN_CLOSE] = 25, [PLAN_SILENT] = 9, [PLAN_DEAF] = 4,  [PLAN_RUDE] = 5,
    };
    unsigned dice = (unsigned)random_in(random, 0, 99), plan = 0;
    while (dice >= percent[plan])
        dice -= percent[plan++];
    return (enum plan)plan;
}

static void decide(const struct load *load, struct peer *peer)
{
    *peer = (struct peer){.fd = -1, .wake = NEVER, .progress = load->now};
    peer->key = peer->random = random_mix(load->seed + load->opened * 0x9e3779b97f4a7c15ull);
    peer->plan = choose_plan(&peer->random);
    peer->deaf = peer->plan == PLAN_DEAF || (cuts(peer) && random_chance(&peer->random, 20));
    load->speech->begin(peer);
    peer->cut_at = cuts(peer) && !peer->deaf ? random_in(&peer->random, 0, peer->total - 1) : UINT64_MAX;
}

static int open_socket(const struct load *load, const struct peer *peer)
{
    const int on = 1, buffer = DEAF_BUFFER;
    struct sockaddr_in from = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(load->opened % SOURCES));
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (peer->deaf)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    if (bind(fd, (struct sockaddr *)&from, sizeof from) == 0)
        return fd;
    close(fd);
    return -1;
}

static void on_connected(struct load *load, struct peer *peer)
{
    peer->connected = true;
    peer->progress = load->now;
    load->opening--;
    load->count.connected++;
    if (peer->plan == PLAN_TOUCH) {
        end_as_planned(load, peer);
        return;
    }
    if (peer->plan == PLAN_SILENT)
        peer->wake = load->now + (int64_t)random_in(&peer->random, SILENT_LOW, SILENT_HIGH);
    else if (peer->deaf)
        peer->wake = load->now + (int64_t)random_in(&peer->random, DEAF_LOW, DEAF_HIGH);
    else
        peer->wake = load->now + (int64_t)random_in(&peer->random, 0, GAP_HIGH);
    if (peer->deaf)
        peer->allowed = peer->total;
}

bool peer_open(struct load *load, struct peer *peer)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)load->port)};
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = peer};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    decide(load, peer);
    int fd = open_socket(load, peer);
    if (fd < 0)
        return false;
    if ((connect(fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) ||
        epoll_ctl(load->epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
        close(fd);
        return false;
    }
    peer->fd = fd;
    peer->events = EPOLLOUT;
    load->opened++;
    load->open++;
    load->opening++;
    return true;
}

/* ---- what it does ---- */

static void await(const struct load *load, struct peer *peer)
{
    unsigned events = EPOLLOUT;
    if (peer->connected)
        events = (peer->deaf ? 0 : EPOLLIN) | (peer->blocked ? EPOLLOUT : 0);
    struct epoll_event event = {.events = events, .data.ptr = peer};
    if (events == peer->events)
        return;
    epoll_ctl(load->epoll, EPOLL_CTL_MOD, peer->fd, &event);
    peer->events = events;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void say(struct load *load, struct peer *peer)
{
    unsigned char data[PIECE];
    uint64_t until = least(peer->allowed, peer->cut_at);
    while (!peer->mute && peer->sent < until) {
        size_t n = load->speech->say(peer, data, (size_t)least(sizeof data, until - peer->sent));
        ssize_t sent = send(peer->fd, data, n, MSG_NOSIGNAL);
        peer->blocked = sent < 0 && errno == EAGAIN;
        if (peer->blocked)
            return;
        if (sent < 0) /* what came before that is still read */
            peer->mute = true;
        if (sent <= 0)
            return;
        peer->sent += (uint64_t)sent;
        load->count.sent += (uint64_t)sent;
        peer->progress = load->now;
    }
}

/* False: it has ended. */
static bool hear(struct load *load, struct peer *peer)
{
    static unsigned char data[4 * PIECE];
    for (int i = 0; i < READS; i++) {
        ssize_t n = recv(peer->fd, data, sizeof data, 0);
        if (n < 0 && errno == EAGAIN)
            return true;
        if (n <= 0) {
            end_by_server(load, peer, n < 0 ? errno : 0);
            return false;
        }
        const char *wrong = load->speech->hear(peer, data, (size_t)n);
        if (wrong) {
            end_wrong(load, peer, wrong);
            return false;
        }
        peer->received += (uint64_t)n;
        load->count.received += (uint64_t)n;
        peer->progress = load->now;
    }
    return true;
}

static void finish(struct load *load, struct peer *peer)
{
    peer->over = true;
    load->count.exchanges++;
    if (peer->plan == PLAN_SILENT)
        peer->wake = load->now + (int64_t)random_in(&peer->random, SILENT_LOW, SILENT_HIGH);
    else if (!waits_for_the_end(peer) && !load->ending)
        end_as_planned(load, peer);
}

static void go_on(struct load *load, struct peer *peer)
{
    say(load, peer);
    if (peer->sent == peer->cut_at) {
        end_as_planned(load, peer);
        return;
    }
    if (peer->sent == peer->total && peer->plan == PLAN_HALF && !peer->mute) {
        shutdown(peer->fd, SHUT_WR);
        peer->mute = true;
    }
    if (!peer->over && is_done(load, peer))
        finish(load, peer);
    if (peer->fd >= 0)
        await(load, peer);
}

void peer_ready(struct load *load, struct peer *peer, unsigned events)
{
    if (!peer->connected) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(peer->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error) {
            end_wrong(load, peer, strerror(error));
            return;
        }
        on_connected(load, peer);
        if (peer->fd >= 0)
            go_on(load, peer);
        return;
    }
    bool heard = !(events & (EPOLLIN | EPOLLHUP | EPOLLERR)) || hear(load, peer);
    if (heard)
        go_on(load, peer);
}

static void wake(struct load *load, struct peer *peer)
{
    peer->wake = NEVER;
    peer->progress = load->now;
    if (peer->over || (peer->deaf && cuts(peer))) {
        if (!peer_is_kept(load, peer))
            end_as_planned(load, peer);
        return;
    }
    if (!peer->deaf) {
        uint64_t more = load->ending ? peer->total : random_in(&peer->random, 1, peer->total / 3 + 1);
        peer->allowed = least(peer->total, peer->allowed + more);
        if (peer->allowed < least(peer->total, peer->cut_at))
            peer->wake = load->now + (int64_t)random_in(&peer->random, GAP_LOW, GAP_HIGH);
    }
    peer->deaf = false;
    go_on(load, peer);
}

void peer_tick(struct load *load, struct peer *peer)
{
    if (load->now >= peer->wake)
        wake(load, peer);
    else if (peer->wake == NEVER && !peer_is_kept(load, peer) &&
             (double)(load->now - peer->progress) > load->patience * 1000) {
        uint64_t ended = 0;
        fault(load, peer, &load->count.stuck, peer->connected ? "stuck" : "not connected");
        end(load, peer, &ended);
    }
}
