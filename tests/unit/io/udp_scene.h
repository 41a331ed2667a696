/* Two UDP sockets on the loopback, and what tests of them write down. */
#ifndef LEASH_TEST_UDP_SCENE_H
#define LEASH_TEST_UDP_SCENE_H

#include <leash.h>

struct scene {
    leash_udp_t a, b;
    int rc[12];
    char data[4][64];
    char name[2][64];
    char words[256]; /* what happened, in order */
    struct sockaddr_storage from, to_a, to_b;
    char error[256];
    unsigned before;
};

/* Notes a word. */
void say(struct scene *scene, const char *word);
/* Two sockets that talk to everybody; their addresses are in to_a and to_b. */
int open_two(struct scene *scene);
/* Closes them. rc if that is an error, else what closing says. */
int close_two(struct scene *scene, int rc);
/* From a to b. */
int send_to_b(struct scene *scene, const char *text);
/* A task that receives at b, notes what, and waits already. */
leash_task_t start(struct scene *scene, const char *name);
/* So often sending is answered with EAGAIN, every other time with EINTR. */
extern int udp_full;
/* Runs fn(scene) on either clock; it must succeed. */
void run_both(leash_fn_t fn, struct scene *scene);

#endif
