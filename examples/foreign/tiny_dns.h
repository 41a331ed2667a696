/* A name server on the loopback that knows five names, and two of them badly: enough to try a resolver without a
 * network. Only questions for IPv4 addresses have answers (RFC 1035). */
#ifndef TINY_DNS_H
#define TINY_DNS_H

#include <leash.h>

struct tiny_dns {
    leash_udp_t udp;
    unsigned ignored; /* questions that were not answered at all */
    struct {          /* the answer to slow.test, which goes out when the next question comes */
        struct sockaddr_storage to;
        size_t length; /* 0: none */
        unsigned char data[512];
    } held;
};

/* Opens it at a port that the system chooses, and returns that; or a negative errno. */
int tiny_dns_open(struct tiny_dns *dns);
void tiny_dns_close(struct tiny_dns *dns);
/* A coroutine function that takes the server (struct tiny_dns *): answers until it is cancelled. */
int tiny_dns_serve(void *dns);

#endif
