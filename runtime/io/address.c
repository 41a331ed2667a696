#include "address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static void unix_text(const struct sockaddr_un *address, socklen_t size, char text[LEASH__ADDRESS_TEXT])
{
    size_t before = offsetof(struct sockaddr_un, sun_path), length = size > before ? size - before : 0;
    if (length > 0 && address->sun_path[0] == '\0')
        snprintf(text, LEASH__ADDRESS_TEXT, "@%.*s", (int)length - 1, address->sun_path + 1);
    else
        snprintf(text, LEASH__ADDRESS_TEXT, "%.*s", (int)length, address->sun_path);
}

void leash__address_text(const struct sockaddr_storage *address, socklen_t size, char text[LEASH__ADDRESS_TEXT])
{
    const void *any = address;
    const struct sockaddr_in *ip4 = any;
    const struct sockaddr_in6 *ip6 = any;
    char host[INET6_ADDRSTRLEN];
    text[0] = '\0';
    if (size < sizeof address->ss_family)
        return;
    if (address->ss_family == AF_INET)
        snprintf(text, LEASH__ADDRESS_TEXT, "%s:%u", inet_ntop(AF_INET, &ip4->sin_addr, host, sizeof host),
                 ntohs(ip4->sin_port));
    else if (address->ss_family == AF_INET6)
        snprintf(text, LEASH__ADDRESS_TEXT, "[%s]:%u", inet_ntop(AF_INET6, &ip6->sin6_addr, host, sizeof host),
                 ntohs(ip6->sin6_port));
    else if (address->ss_family == AF_UNIX)
        unix_text(any, size, text);
}

int leash__address_copy(const struct sockaddr_storage *address, socklen_t size, char *text, size_t room)
{
    char name[LEASH__ADDRESS_TEXT];
    leash__address_text(address, size, name);
    return snprintf(text, room, "%s", name);
}

socklen_t leash__address_size(const struct sockaddr_storage *address)
{
    switch (address->ss_family) {
    case AF_INET:
        return sizeof(struct sockaddr_in);
    case AF_INET6:
        return sizeof(struct sockaddr_in6);
    default:
        return sizeof(struct sockaddr_un);
    }
}

int leash__address_port(const struct sockaddr_storage *address)
{
    const void *any = address;
    if (address->ss_family == AF_INET)
        return ntohs(((const struct sockaddr_in *)any)->sin_port);
    return address->ss_family == AF_INET6 ? ntohs(((const struct sockaddr_in6 *)any)->sin6_port) : 0;
}

int leash__address_parse(const char *host, int port, struct sockaddr_storage *address)
{
    struct sockaddr_in ip4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 ip6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, host, &ip4.sin_addr) == 1)
        memcpy(address, &ip4, sizeof ip4);
    else if (inet_pton(AF_INET6, host, &ip6.sin6_addr) == 1)
        memcpy(address, &ip6, sizeof ip6);
    else
        return -EINVAL;
    return 0;
}

int leash__address_unix(const char *path, struct sockaddr_storage *address)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    if (!path || !*path)
        return -EINVAL;
    if (strlen(path) >= sizeof un.sun_path)
        return -ENAMETOOLONG;
    memcpy(un.sun_path, path, strlen(path));
    memset(address, 0, sizeof *address);
    memcpy(address, &un, sizeof un);
    return 0;
}
