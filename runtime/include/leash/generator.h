/* Async generators: bodies that give many values, one at a time, and may wait in between. Python's `async def` with
 * `yield` in it.
 *
 *     static int lines(void *arg)                              static int app(void *arg)
 *     {                                                        {
 *         char line[256];                                          char *line;
 *         int rc = leash_defer(hang_up, arg);                      leash_generator_t all = leash_generator(lines, arg);
 *         while (rc >= 0 && (rc = read_line(arg, line)) > 0)       leash_for_each (all, line)
 *             rc = leash_yield(line);                                  puts(line);
 *         return rc;                                               return leash_generator_close(all);
 *     }                                                        }
 *
 * The body runs on a stack of its own, but as part of the task that asks for the next value: that is the current task
 * in it, its locals are that one's, and what cancels the task meanwhile is delivered to the body where that waits. It
 * begins with the first leash_next(), and runs until it yields or returns. It may have timeouts, groups and deferred
 * functions of its own, also across a yield; they belong to the task that it was part of when it opened them.
 *
 * It is over when its body has returned. Until then it must be closed, also when it never began: what is open at the
 * end of the run is a finding (`generator-left-open`). Those that have begun are closed then, each in a task of its
 * own, after the clean-up of tasks. One that ended well need not be closed: its memory goes when the task that saw its
 * end suspends. One that failed keeps its failure until it is closed.
 *
 * Several tasks may take values from one generator, but not at the same time. Algorithm: CPython 3.11's async
 * generators (Objects/genobject.c) and shutdown_asyncgens (Lib/asyncio/base_events.py). All: the loop's thread
 * (-EPERM). */
#ifndef LEASH_GENERATOR_H
#define LEASH_GENERATOR_H

#include <leash/coro.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_generator_ *leash_generator_t;

/* leash_generator(fn, arg): a generator whose body will be fn(arg): 0 or more when there are no more values, or a
 * negative errno. Never suspends. NULL and errno: EPERM no running event loop, EINVAL fn is NULL, ENOMEM. */
#define leash_generator(fn, ...) leash__generator((fn), (__VA_ARGS__), LEASH_SITE(#fn))
/* leash_generator_copy(fn, ptr, size), leash_generator_own(fn, arg, drop): as leash_coro_copy and leash_coro_own: the
 * body gets a copy; or drop(arg) is called if it never runs. */
#define leash_generator_copy(fn, ...) leash__generator_copy((fn), __VA_ARGS__, LEASH_SITE(#fn))
#define leash_generator_own(fn, ...)  leash__generator_own((fn), __VA_ARGS__, LEASH_SITE(#fn))

/* In the body of a generator, or a function that it calls: hands a value to who asked for it, and stops there until the
 * next one is asked for. What it points at must live until then. 0; -ESHUTDOWN the generator is being closed: clean up
 * and return (that code, or any other); -EPERM not inside a generator; -EINVAL inside a coroutine that the body awaits
 * or a deferred function: they are no part of the generator. */
LEASH_API int leash_yield(void *value);

/* Runs the body until its next value, which is stored in *value. May suspend, wherever the body waits.
 *   1  there is one;
 *   0  there are no more, now or before: the body has returned, or was closed;
 *   negative: what the body failed with; -ECANCELED if it let a cancellation through; it is over then.
 * Or it was refused: -EBUSY it runs already, for another task or for the one that asks; -ENOMEM no memory for its
 * stack; -EINVAL; -EPERM not inside a task. `value` may be NULL; *value is untouched unless it returns 1. */
LEASH_API int leash_next(leash_generator_t generator, void **value);

/* leash_for_each (generator, value) { ... }: runs the block for every value, which is a pointer of any type. It ends
 * with the last value, with a failure (which leash_generator_close returns), where leash_next would be refused (of
 * which -EBUSY and -ENOMEM are no failures of the generator: leash_last_error() tells), or by `break`, which leaves the
 * generator where it is: to be gone on with, or to be closed. `generator` is evaluated once. */
#define leash_for_each(generator, value) LEASH__FOR_EACH(generator, value, LEASH__NAME(leash__each_, __LINE__))
#define LEASH__FOR_EACH(generator, value, each)                                                                        \
    for (leash_generator_t each = (generator); leash__next_into(each, LEASH__PLACE(value)) > 0;)
/* The address of a pointer; of anything else: no array can have that size. */
#define LEASH__PLACE(value)        (sizeof(char[sizeof(value) == sizeof(void *) ? 1 : -1]) ? &(value) : 0)
#define LEASH__NAME(prefix, line)  LEASH__NAME_(prefix, line)
#define LEASH__NAME_(prefix, line) prefix##line

/* Ends it, wherever it is, and gives its memory back. If its body has begun, its leash_yield returns -ESHUTDOWN, and it
 * is run until it returns; so this may suspend, and must be called inside a task. 0; or what the body failed with, be
 * it now or before: a leash_for_each needs no other look at how it went. 0 also for a stale handle: it ended well.
 * -EBUSY it runs; -EPROTO the body yields again, instead of ending: it will not be run any more, and stays until the
 * end of the run; -EPERM; -EINVAL. */
LEASH_API int leash_generator_close(leash_generator_t generator);

LEASH_API LEASH_MUST_USE leash_generator_t leash__generator(leash_fn_t fn, void *arg, struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_generator_t leash__generator_copy(leash_fn_t fn, const void *ptr, size_t size,
                                                                 struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_generator_t leash__generator_own(leash_fn_t fn, void *arg, void (*drop)(void *),
                                                                struct leash_site *site);
/* leash_next, where the value goes into a pointer of any type at `place`. */
LEASH_API int leash__next_into(leash_generator_t generator, void *place);

#ifdef __cplusplus
}
#endif
#endif
