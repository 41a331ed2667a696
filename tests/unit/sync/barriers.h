/* Tasks at a barrier, and what they write down. */
#ifndef LEASH_TEST_BARRIERS_H
#define LEASH_TEST_BARRIERS_H

#include <leash.h>

#include "story.h"

enum { PARTIES = 5 };

struct scene {
    struct story story;
    leash_barrier_t barrier, other;
    int passed; /* tasks that got through; the bodies count */
};

struct actor {
    struct scene *scene;
    char name;
};

/* Waits, and tells of it: "a0" a is through and came in place 0, "a broken", "a cancelled". What leash_barrier_wait
 * returned. */
int wait_at(struct actor *actor, leash_barrier_t *barrier);
/* A body: waits once. */
int waits(void *actor);

leash_task_t start(struct scene *scene, char name, leash_fn_t fn);
/* As many tasks as there are letters, at the same time; waits for all of them. */
int all(struct scene *scene, const char *names, leash_fn_t fn);
/* "2/5", " broken" behind it: how many are there, of how many. */
void tell_state(struct scene *scene);

/* Runs body(scene), whose barriers are "phase" and "other", which is of five: it must return 0, and the story be what
 * is expected. */
void check(leash_fn_t body, int parties, const char *expected);

#endif
