/* For the tests of groups: a child that sleeps, fails or turns its cancellation into a failure, and what bodies write
 * down. */
#ifndef LEASH_TEST_BOOK_H
#define LEASH_TEST_BOOK_H

#include <errno.h>
#include <leash.h>
#include <stdbool.h>

enum { FIRST = -EIO, SECOND = -EBADF, OWN = -EDOM };

/* What a test's bodies write down. */
struct book {
    int rc[8];
    char message[512];
    struct leash_failure failures[8];
    char texts[8][64]; /* their messages */
    int failed;        /* how many of `failures` are valid */
    int count;         /* of whatever the test counts */
    double end;        /* when the group was over */
    leash_group_t group;
    leash_task_t tasks[8];
    leash_coro_t coro;
};

/* A child: sleeps, then ends with a code; may turn its cancellation into a failure (0: it does not). */
leash_coro_t book_child(struct book *book, double seconds, int code, int when_cancelled);
/* A task of one in a group. */
leash_task_t book_add(struct book *book, leash_group_t group, double seconds, int code);
/* Ends the group and writes down how. */
int book_end(struct book *book, leash_group_t group, int rc);
/* Runs `runner` as a task of its own, cancels it at `when` (negative: not), and returns its code; rc[6] is whether it
 * ended cancelled, `message` why it did not end well. */
int book_run(struct book *book, leash_fn_t runner, double when);
bool book_is_about(double seconds, double expected);

#endif
