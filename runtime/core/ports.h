/* Ports: what the core needs of layers below it in the data flow (watch/), declared here and implemented there. */
#ifndef LEASH_CORE_PORTS_H
#define LEASH_CORE_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct leash__context;
struct leash__loop;
struct leash__scan_later;
struct leash__stacks;
struct leash_scan_result;

/* Searches live memory for the handles `handles[n]` (encoded values: the upper 16 bits are a tag). found[i] = 1 where a
 * live reference was seen, 0 where none was; all 1 if the scan is incomplete. The stacks of suspended tasks are live
 * from sp up; the runtime's own memory (base/arena.h), `found` and `handles` are excluded. The caller must not keep
 * handles in its own frames. 0, also if incomplete; -ENOMEM (nothing may be concluded; out says so too). Implemented by
 * watch/.
 *
 * With `tasks`, one a handle, what a task holds is live only if the task itself is found: its stacks, and, where
 * blocks of malloc are told of, the blocks that nothing else leads to. keepers[i] is then 1 + the number of the task
 * that alone holds i, where none of them was found (maybe i itself); 0 if there is none. All three are in the arena.
 * What `out` says of a reason is valid until this thread's next scan. */
struct leash__scan_request {
    const uint64_t *handles;
    size_t count;
    unsigned char *found;
    struct leash__loop *loop;
    void *const *tasks;               /* NULL: the stacks of all tasks are live */
    uint32_t *keepers;                /* valid with tasks */
    struct leash__scan_later **later; /* NULL: the answer is needed at once */
    int stop_signal;                  /* that stops other threads where nobody may trace them; 0: none does */
};
int leash__scan_memory(const struct leash__scan_request *request, struct leash_scan_result *out);
/* With `later`, which points at NULL, a large heap is searched in a snapshot while the program runs on: *later is set,
 * nothing is told but the pause, and all of the request stays as it is until this is true: then the answer is as above,
 * of that moment, the pause is left alone, *ended_ns is when the search was over, by the system's clock, and *later is
 * NULL again. On the same thread. Its tasks may be gone. */
bool leash__scan_answer(const struct leash__scan_request *request, struct leash_scan_result *out, uint64_t *ended_ns);
/* Gives the answer up; also in a forked child. */
void leash__scan_drop(const struct leash__scan_request *request);

/* ---- implemented by core/, for the scan: on the loop's own thread, or in a forked child of it ---- */

/* Calls fn for every context of the loop that does not run: suspended tasks, and, while a task runs, the loop's own
 * (stack NULL). `task`: whose it is, if that is live only as long as somebody holds it, as a request names it; else
 * NULL. A context that is not named here counts as dead: its stack is not searched. fn neither maps nor frees stacks.
 */
void leash__loop_contexts(struct leash__loop *loop,
                          void (*fn)(const struct leash__context *context, void *task, void *argument), void *argument);
/* Calls fn for every word of the program's that is kept for it in cells, of whatever loop: arguments of what has not
 * run yet, and results. They may be handles, and the scan passes over the cells. */
void leash__cells_words(void (*fn)(uint64_t word, void *argument), void *argument);
/* The pool its tasks' stacks come from. */
struct leash__stacks *leash__loop_stacks(struct leash__loop *loop);
/* Calls fn for the contexts of one task that do not run. */
void leash__task_contexts(void *task, void (*fn)(const struct leash__context *context, void *argument), void *argument);
/* Where the runtime keeps pointers of the program's for it (arguments, results): nothing that runs on may need them but
 * the task. */
void leash__task_kept(void *task, const void **low, const void **high);
/* The handle of the task that it waits for; 0: none. */
uint64_t leash__task_awaited(void *task);
/* Calls fn for all other memory of the arena in which pointers of the program's may stand. `loop`: whose tasks are
 * asked for one by one; NULL: none are. */
void leash__kept(struct leash__loop *loop, void (*fn)(const void *low, const void *high, void *argument),
                 void *argument);

/* ---- the watchdog, implemented by watch/blocked ---- */

/* From now on, and until _end, a step or iteration of the loop that lasts longer than options.blocked_ms is noticed
 * while it lasts (pulse.h). On the loop's own thread. Nothing where that is 0, where a sanitizer or Valgrind makes
 * steps slow, and without memory. */
void leash__watchdog_begin(struct leash__loop *loop);
void leash__watchdog_end(struct leash__loop *loop);
/* True while it sleeps as all loops have slept for a while; atomic. */
extern bool leash__watchdog_sleeps;
/* A loop has woken up. */
void leash__watchdog_wake(void);

/* One leak for the report at exit without a trace, or for that of a test. Strings need only live during the call. */
struct leash__leak {
    const char *class; /* "never-awaited", ... */
    char severity;     /* 'E' or 'W' */
    const char *also;  /* other classes, comma separated; "" */
    const char *name;  /* task's name or coroutine function */
    const char *file, *func;
    unsigned line;
    const char *waits_for; /* "" or e.g. "sleep 10.000s at src/a.c:12" */
    const char *failure;   /* "" or "EIO: connection reset" */
    const char *blocked;   /* NULL or where it kept the loop, for how long, and who was late */
    const char *kept_by;   /* "" or, if it is lost, "itself", "unreferenced task #12": what alone refers to it */
    const char *given;     /* the name that the program gave it; NULL or "": none */
    const char *coro;      /* the coroutine's function; NULL or "": unknown */
    const char *test;      /* NULL or "", or the name of the scope of leaks that it belongs to (leash/leaks.h) */
    bool in_loop;          /* judged at the end of that scope, while its loop runs */
};
/* One that is kept. */
struct leash__leak_kept {
    struct leash__leak_kept *next;
    struct leash__leak leak; /* strings are its own */
    char strings[];
};
/* Adds to the process's table of leaks (grouped by class and site). Any thread. Never fails: without memory it counts.
 */
void leash__leak_found(const struct leash__leak *leak);
/* Prints the table at process exit; set up by the first leash_run. report=0 silences, exitcode as in leash_options. */
void leash__leak_report_at_exit(int report, int exitcode);
/* Puts the report of these leaks together, as it would be at exit; its last line names the test. `homeless` more were
 * only counted. put(arg, bytes, size) is given it piece by piece. */
void leash__leak_report_of(const struct leash__leak_kept *first, unsigned long long homeless, const char *test,
                           void (*put)(void *arg, const char *bytes, size_t size), void *arg);
/* A sentence that says what is wrong, with its name; cut to `size` bytes. */
void leash__leak_sentence(const struct leash__leak *leak, char *text, size_t size);
/* Whether an entry of `suppressions` (NULL: none) accepts it, as leash_leaks_end describes it. */
bool leash__leak_accepted(const struct leash__leak *leak, const char *suppressions);

#endif
