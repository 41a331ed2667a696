/* Suppressions: findings that the user knows of and accepts. A file of them:
 *
 *   # leash suppressions 1
 *   never-awaited:flush_cache                      # class:GLOB
 *   pending-at-exit:name=heartbeat-* max=5         # class:FIELD=GLOB ...
 *   never-retrieved:file=third_party/x until=2027-01-31 reason=known upstream issue=#214
 *   *:created-by=vendor_init
 *   {
 *     class=pending-at-exit,unreferenced
 *     name=dns thread  stack=resolve_host < ... < pool_worker
 *     reason=bug 91
 *   }
 *
 * The first line names the format and its version; it may be left out. A '#' at the beginning of a word begins a
 * comment. CLASS is a class of findings, several by comma, or '*'; it matches a finding of that class or with that
 * class under "also". Then a GLOB or fields, all of which must match; the first entry that matches wins.
 *
 *   GLOB        found anywhere in the name of a function of the creation stack, of the coroutine, or of the object
 *               itself; '^' and '$' tie it to the beginning and the end. A '*' alone matches every finding
 *   fn=         the function that created it
 *   coro=       the coroutine's function
 *   file=       the file in which it was created: the whole path, or what follows any '/' of it ('^': only the whole)
 *   stack=      F < G < ...: functions of the creation stack from the innermost on, without the runtime's; "..." stands
 *               for any number of them, "$" for the end of the stack
 *   created-by= a function of the creation stack, or the name or coroutine of the task that created it
 *   name=       its name, as the program gave it
 *   err=        what it failed with: EIO, or the message
 *   top=        the function in which it waited, or in which it failed
 *   waits-for=  what it waited for: sleep, task, future, lock, queue, gather, ...; or that one's name or coroutine
 *   test=       the test in which it was made (leash_leaks_begin)
 *
 * A glob matches the whole of a field. `*` is any text without '/', `**` any text, `?` a character but '/', `\c` the
 * character c itself, `\xNN` a byte. A value ends before the next word that looks like `key=`, before a comment, at the
 * end of the line, and in a block before '}'; blanks inside are part of it; "..." holds what would end it (`\"` is a
 * quotation mark). name="" matches what has no name.
 *
 *   max=N       no more than N findings of one trace; what is beyond that is reported
 *   until=DATE  YYYY-MM-DD: the last day, in UTC, on which it holds
 *   reason=     why; demanded by --strict-suppressions
 *   issue=      where it is discussed
 *
 * Besides files: what the program itself recorded (__leash_default_suppressions(), for its trace only), and in the
 * source, on the line that creates the object or in a comment of its own on the line above:
 *
 *   leash_create_task(leash_coro(beat, NULL));   // leash: allow(pending-at-exit) beats until the process ends
 */
#ifndef LEASH_ACCEPT_SUPPRESS_H
#define LEASH_ACCEPT_SUPPRESS_H

#include "accept/fault.h"
#include "buffer.h"

#include <stdbool.h>
#include <stdint.h>

struct model_group;
struct suppressions;

/* `now`: seconds since 1970, for until=. `strict`: reason= is demanded, and what is unused or expired is a fault. */
struct suppressions *suppressions_new(int64_t now, bool strict);
void suppressions_free(struct suppressions *list);
/* Adds the entries of a file, or of a text. 0, or negative errno with the reason in `fault`; -ENOENT: no such file. */
int suppressions_read(struct suppressions *list, const char *path, struct accept_fault *fault);
int suppressions_parse(struct suppressions *list, const struct accept_text *text, struct accept_fault *fault);

/* What became of an entry, over all traces that were loaded. */
struct suppression_use {
    const char *pattern; /* as written */
    const char *place;   /* "leash.supp:3" */
    size_t used;
};
/* In order of their sources; those that matched nothing have used 0. What several traces of one program recorded counts
 * as one entry, the first. */
size_t suppressions_count(const struct suppressions *list);
struct suppression_use suppressions_use(const struct suppressions *list, size_t index);
/* What was counted is forgotten, as after loading an old trace only to compare with it. */
void suppressions_forget(struct suppressions *list);
/* Tells what is wrong with them after all traces were loaded, a sentence each: unused, expired, used up. True: with
 * `strict` that is a fault. */
bool suppressions_complain(const struct suppressions *list, void (*tell)(void *argument, const char *words),
                           void *argument);

/* never-awaited:coro=flush_cache */
void suppression_add_short(struct buffer *out, const struct model_group *group);
/* A block that matches what the group holds and, but for another line of the same function, nothing else. */
void suppression_add_exact(struct buffer *out, const struct model_group *group);

#endif
