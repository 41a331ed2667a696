#include "book.h"

#include <stdio.h>

/* A child: sleeps, then ends with a code; may turn its cancellation into a failure. */
struct child {
    struct book *book;
    double seconds;
    int code;
    int when_cancelled; /* 0: -ECANCELED */
};

static int child(void *arg)
{
    struct child *self = arg;
    int rc = leash_sleep(self->seconds);
    if (rc < 0) {
        self->book->count++;
        return self->when_cancelled ? leash_fail(self->when_cancelled, "when cancelled") : rc;
    }
    return self->code < 0 ? leash_fail(self->code, "after %.1f s", self->seconds) : self->code;
}

leash_coro_t book_child(struct book *book, double seconds, int code, int when_cancelled)
{
    struct child self = {book, seconds, code, when_cancelled};
    return leash_coro_copy(child, &self, sizeof self);
}

leash_task_t book_add(struct book *book, leash_group_t group, double seconds, int code)
{
    return leash_group_create_task(group, book_child(book, seconds, code, 0));
}

static void read_failures(struct book *book, leash_group_t group)
{
    book->failed = leash_group_failures(group, book->failures, 8);
    for (int i = 0; i < book->failed && i < 8; i++)
        snprintf(book->texts[i], sizeof book->texts[i], "%s", book->failures[i].message);
}

bool book_is_about(double seconds, double expected)
{
    return seconds > expected - 1e-6 && seconds < expected + 1e-6;
}

/* Ends the group and writes down how. */
int book_end(struct book *book, leash_group_t group, int rc)
{
    rc = leash_group_end(group, rc);
    book->end = leash_time();
    read_failures(book, group);
    return rc;
}

/* Runs `runner` as a task of its own, cancels it at `when` (negative: not), and returns its code. */
int book_run(struct book *book, leash_fn_t runner, double when)
{
    leash_task_t task = leash_create_task(leash_coro(runner, book));
    if (when >= 0) {
        leash_sleep(when);
        book->rc[7] = leash_done(task) ? -EPROTO : leash_cancel(task, "from outside");
    }
    int rc = leash_await(task, NULL);
    struct leash_failure failure;
    if (leash_failure(task, &failure) == 0)
        snprintf(book->message, sizeof book->message, "%s", failure.message);
    book->rc[6] = leash_cancelled(task);
    return rc;
}
