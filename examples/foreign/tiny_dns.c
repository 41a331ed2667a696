#include "tiny_dns.h"

#include <errno.h>
#include <string.h>

enum manner { AT_ONCE, LATE, NEVER };
enum { HEADER = 12, TYPE_A = 1, CLASS_IN = 1, NO_SUCH_NAME = 3 };

static const struct record {
    const char *name;
    unsigned char address[4];
    enum manner manner;
} records[] = {
    {"alpha.test", {192, 0, 2, 1}, AT_ONCE},
    {"beta.test", {192, 0, 2, 2}, AT_ONCE},
    {"gamma.test", {192, 0, 2, 3}, AT_ONCE},
    {"slow.test", {192, 0, 2, 4}, LATE},
    {"silent.test", {0}, NEVER},
};

/* Writes the question's name as text. Returns where the question ends, 0 if it is none that we understand. */
static size_t parse(const unsigned char *data, size_t n, char *name, size_t size)
{
    size_t at = HEADER, used = 0;
    while (at < n && data[at] != 0) {
        size_t label = data[at++];
        if (label > 63 || at + label > n || used + label + 2 > size)
            return 0;
        if (used)
            name[used++] = '.';
        memcpy(name + used, data + at, label);
        used += label;
        at += label;
    }
    if (at + 5 > n || data[at + 2] != TYPE_A || data[at + 4] != CLASS_IN)
        return 0;
    name[used] = '\0';
    return at + 5;
}

static const struct record *find(const char *name)
{
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
        if (strcmp(records[i].name, name) == 0)
            return &records[i];
    return NULL;
}

/* Turns the question of so many bytes into its answer, and returns how long that is. record NULL: no such name. */
static size_t answer(unsigned char *data, size_t n, const struct record *record)
{
    static const unsigned char fixed[12] = {0xc0, HEADER, 0, TYPE_A, 0, CLASS_IN, 0, 0, 0, 60, 0, 4}; /* for 60 s */
    data[2] |= 0x80;                                                                                  /* an answer */
    data[3] = record ? 0x80 : 0x80 | NO_SUCH_NAME;
    memset(data + 6, 0, 6);
    if (!record)
        return n;
    data[7] = 1;
    memcpy(data + n, fixed, sizeof(fixed));
    memcpy(data + n + sizeof(fixed), record->address, 4);
    return n + sizeof(fixed) + 4;
}

static int send_held(struct tiny_dns *dns)
{
    size_t length = dns->held.length;
    dns->held.length = 0;
    return length ? leash_udp_sendto(dns->udp, dns->held.data, length, &dns->held.to) : 0;
}

static int reply(struct tiny_dns *dns, unsigned char *data, size_t n, const struct sockaddr_storage *to)
{
    char name[256];
    size_t end = parse(data, n, name, sizeof(name));
    const struct record *record = end ? find(name) : NULL;
    if (!end || (record && record->manner == NEVER)) {
        dns->ignored++;
        return 0;
    }
    size_t length = answer(data, end, record);
    if (!record || record->manner == AT_ONCE)
        return leash_udp_sendto(dns->udp, data, length, to);
    memcpy(dns->held.data, data, length);
    dns->held.to = *to;
    dns->held.length = length;
    return 0;
}

int tiny_dns_serve(void *arg)
{
    struct tiny_dns *dns = arg;
    struct sockaddr_storage from;
    unsigned char data[512];
    enum { ROOM = 16 }; /* for the answer behind the question */
    for (;;) {
        int n = leash_udp_recvfrom(dns->udp, data, sizeof(data) - ROOM, &from);
        if (n < 0)
            return n;
        if (n > (int)sizeof(data) - ROOM)
            continue; /* it was cut */
        int rc = send_held(dns);
        if (rc == 0)
            rc = reply(dns, data, (size_t)n, &from);
        if (rc < 0)
            return rc;
    }
}

int tiny_dns_open(struct tiny_dns *dns)
{
    *dns = (struct tiny_dns){.udp = leash_udp_open("127.0.0.1", 0, NULL, 0)};
    return dns->udp ? leash_udp_port(dns->udp) : leash_fail(-errno, "%s", leash_last_error());
}

void tiny_dns_close(struct tiny_dns *dns)
{
    leash_udp_close(dns->udp);
}
