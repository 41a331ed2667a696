/* Tasks at a condition, and what they write down. */
#ifndef LEASH_TEST_CONDITIONS_H
#define LEASH_TEST_CONDITIONS_H

#include <leash.h>

#include "story.h"

struct scene {
    struct story story;
    leash_condition_t condition;
    leash_lock_t lock;
    int ready; /* what is_ready says */
    int asked; /* how often it was asked */
};

/* ---- bodies for start_with ---- */

/* Waits to be notified, and keeps the lock. */
int waits(void *actor);
int waits_and_releases(void *actor);
/* Tells what wait_for returned. */
int waits_until_ready(void *actor);
/* The predicate: of the scene. */
int is_ready(void *scene);

leash_task_t start_with(struct scene *scene, const char *name, leash_fn_t fn);
/* Acquires, notifies, releases; how many were woken. */
int notify(struct scene *scene, int n);
/* "locked" or "free". */
void tell_lock(struct scene *scene);

/* Runs body(scene), whose condition is "changed" and whose lock, of which the condition is not made, is "box": it must
 * return 0, and the story be what is expected. */
void check(leash_fn_t body, const char *expected);

#endif
