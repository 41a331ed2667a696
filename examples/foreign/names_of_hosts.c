/* A library that calls back, c-ares, under tasks that wait (resolver.h shows how). The name server is a task of this
 * program: no network is asked. Some names are answered, one does not exist, one is never answered, and for one the
 * answer comes when nobody waits for it any more. */
#include <arpa/inet.h>
#include <errno.h>
#include <leash.h>
#include <stdio.h>

#include "resolver.h"
#include "tiny_dns.h"

static const double PATIENCE = 0.3; /* seconds; then once more for twice that */

struct question {
    struct resolver *resolver;
    const char *name;
    struct in_addr address; /* once it is answered */
};

static int ask(void *arg)
{
    struct question *question = arg;
    return resolver_ask(question->resolver, question->name, &question->address);
}

static void tell(const struct question *question, int rc)
{
    char text[INET_ADDRSTRLEN];
    if (rc == 0)
        printf("%s: %s\n", question->name, inet_ntop(AF_INET, &question->address, text, sizeof(text)));
    else if (rc == -ENXIO)
        printf("%s: no such name\n", question->name);
    else
        printf("%s: failed (%d)\n", question->name, rc);
}

static int several_at_once(struct resolver *resolver)
{
    struct question questions[] = {
        {resolver, "alpha.test", {0}},
        {resolver, "nobody.test", {0}},
        {resolver, "beta.test", {0}},
        {resolver, "gamma.test", {0}},
    };
    enum { COUNT = sizeof(questions) / sizeof(questions[0]) };
    leash_awaitable_t asked[COUNT];
    struct leash_outcome outcomes[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        asked[i] = leash_create_task(leash_coro(ask, &questions[i]));
    int rc = leash_gather_wait_array(asked, COUNT, LEASH_RETURN_FAILURES, outcomes);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < COUNT; i++)
        tell(&questions[i], outcomes[i].rc);
    return 0;
}

/* c-ares itself gives up. */
static int never_answered(struct resolver *resolver, const struct tiny_dns *dns)
{
    struct in_addr address;
    double began = leash_time();
    int rc = resolver_ask(resolver, "silent.test", &address);
    if (rc != -ETIMEDOUT)
        return rc;
    printf("silent.test: asked %u times, no answer after %.2f s\n", dns->ignored, leash_time() - began);
    return 0;
}

/* We give up before c-ares does: what is cancelled is the task; c-ares goes on asking. */
static int give_up(struct resolver *resolver, const char *name)
{
    struct question question = {resolver, name, {0}};
    double began = leash_time();
    int rc = leash_wait_for(leash_coro(ask, &question), 0.1, NULL);
    if (rc != -ETIMEDOUT)
        return rc;
    printf("%s: not waited for longer than %.2f s\n", name, leash_time() - began);
    return 0;
}

static int answered_too_late(struct resolver *resolver)
{
    struct question next = {resolver, "alpha.test", {0}};
    int rc = give_up(resolver, "slow.test");
    if (rc == 0)
        rc = ask(&next); /* the server answers both now, the slow one first */
    if (rc < 0)
        return rc;
    tell(&next, 0);
    printf("answers that nobody waited for: %u\n", resolver_late(resolver));
    return 0;
}

static int ask_all(struct resolver *resolver, const struct tiny_dns *dns)
{
    int rc = several_at_once(resolver);
    if (rc == 0)
        rc = never_answered(resolver, dns);
    if (rc == 0)
        rc = answered_too_late(resolver);
    if (rc == 0)
        rc = give_up(resolver, "silent.test"); /* c-ares still asks when the resolver is closed */
    return rc;
}

static int app(void *unused)
{
    struct tiny_dns dns;
    struct resolver *resolver;
    char servers[32];
    (void)unused;
    int port = tiny_dns_open(&dns);
    if (port < 0)
        return port;
    leash_task_t server = leash_create_task(leash_coro(tiny_dns_serve, &dns));
    snprintf(servers, sizeof(servers), "127.0.0.1:%d", port);
    int rc = resolver_open(servers, PATIENCE, &resolver);
    if (rc == 0) {
        rc = ask_all(resolver, &dns);
        resolver_close(resolver);
    }
    leash_cancel(server, NULL);
    int ended = leash_await(server, NULL);
    tiny_dns_close(&dns);
    if (rc == 0 && ended != -ECANCELED)
        rc = ended;
    if (rc == 0)
        puts("all closed");
    return rc;
}

int main(void)
{
    int rc = leash_run(leash_coro(app, NULL));
    if (rc < 0)
        fprintf(stderr, "names_of_hosts: %s\n", leash_last_error());
    return rc < 0;
}
