/* Addresses of sockets: as text, and of a host. */
#ifndef LEASH_IO_ADDRESS_H
#define LEASH_IO_ADDRESS_H

#include <stddef.h>
#include <sys/socket.h>

/* What is given for one of AF_UNIX may be longer than any of an AF_INET6: the path, its end, and more for other kinds.
 */
enum { LEASH__ADDRESS_TEXT = 128, LEASH__PORT_MAX = 65535 };

/* "127.0.0.1:80", "[::1]:80", "/tmp/socket", "@abstract", "" without a name. */
void leash__address_text(const struct sockaddr_storage *address, socklen_t size, char text[LEASH__ADDRESS_TEXT]);
/* The same into memory of the program's, as snprintf(3) does it. */
int leash__address_copy(const struct sockaddr_storage *address, socklen_t size, char *text, size_t room);
/* How long the address is that is in it. */
socklen_t leash__address_size(const struct sockaddr_storage *address);
/* The port; 0: it has none. */
int leash__address_port(const struct sockaddr_storage *address);

/* An address that is written in digits. 0; -EINVAL it is none. */
int leash__address_parse(const char *host, int port, struct sockaddr_storage *address);
/* A path. 0; -EINVAL it is NULL or empty, -ENAMETOOLONG. */
int leash__address_unix(const char *path, struct sockaddr_storage *address);

#endif
