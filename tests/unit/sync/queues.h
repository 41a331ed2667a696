/* Stories of a queue: tasks that put and get, and write down in words how it went. */
#ifndef LEASH_TEST_QUEUES_H
#define LEASH_TEST_QUEUES_H

#include <leash.h>
#include <stdbool.h>

struct story {
    char words[1024];
    leash_queue_t queue;
};

/* Adds words, with ", " between. */
void say(struct story *story, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A task that puts `item`, a text: "put a"; or "a cancelled", "a shut out". */
leash_task_t start_put(struct story *story, const char *item);
/* A task that gets one: "x got a"; or "x cancelled", "x shut out". */
leash_task_t start_get(struct story *story, const char *name);
/* A task that joins: "x joined"; or "x cancelled". */
leash_task_t start_join(struct story *story, const char *name);

/* Puts a text at once; true if that was possible. */
bool put_now(struct story *story, const char *item);
/* Gets one at once: the text; NULL: it is empty or shut down. */
const char *get_now(struct story *story);
/* Gives way so often. */
void pass(int times);

/* Runs body(&story) over this queue under the virtual clock: it must return 0 and leave exactly these words. */
void check(leash_fn_t body, leash_queue_t queue, const char *expected);

#endif
