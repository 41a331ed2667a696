/* Contexts: stacks, and the switch between them. All that knows about guards, Valgrind, ASan, LSan and TSan is in this
 * folder. */
#ifndef LEASH_CONTEXT_H
#define LEASH_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A stack of a pool, with what is kept in its upper end. */
struct leash__stack;

/* Where a context stopped. The saved registers lie on its stack at sp. */
struct leash__context {
    void *sp;                   /* valid while the context does not run */
    struct leash__stack *stack; /* NULL: the thread's own (the loop's context) */
    const void *canary;         /* what must stay zero at the stack's low end; NULL: it has a guard */
    void *fiber;                /* NULL unless a sanitizer must be told of switches */
    void *fake_stack;           /* ASan's, while switched out */
};

/* One pool of stacks a loop (one thread). Slabs of stacks of one size, LIFO reuse. */
struct leash__stacks;
/* stack_size in bytes, guard included; rounded up to pages and to 16 KiB at least. Contexts will start with the float
 * control words of the calling thread. 0 or -ENOMEM. */
int leash__stacks_new(struct leash__stacks **out, size_t stack_size);
void leash__stacks_free(struct leash__stacks *stacks); /* every stack must be back; NULL is fine */
/* Gives the memory of unused stacks back to the system; to be called when idle. Keeps up to `keep` hot ones untouched.
 * Does a few thousand a call, so as not to block; returns how many more there are to do. */
size_t leash__stacks_trim(struct leash__stacks *stacks, size_t keep);
/* Bytes of one stack that a context can use at least. */
size_t leash__stacks_usable(const struct leash__stacks *stacks);

/* Prepares `context` to call entry(argument) on a stack of the pool. The entry never returns: it ends in
 * leash__context_exit. 0, -ENOMEM. */
int leash__context_new(struct leash__context *context, struct leash__stacks *stacks, void (*entry)(void *),
                       void *argument);
/* Gives the stack back. The context must not be running; what lives on it is gone unrun. */
void leash__context_free(struct leash__context *context, struct leash__stacks *stacks);

/* Makes `context` stand for the running thread's own stack (the loop's side of a switch). */
void leash__context_of_thread(struct leash__context *context);
void leash__context_of_thread_end(struct leash__context *context);

/* How many threads a sanitizer has for itself in this process. */
unsigned leash__context_sanitizer_threads(void);

/* exit() was called, maybe inside a context: what the thread's own stack points at is no leak to LSan. */
void leash__context_process_ends(void);

/* Saves the running context in `from` and continues `to`. Float control words are kept a context. */
void leash__context_switch(struct leash__context *from, struct leash__context *to);
/* Fetches what a switch to `context` reads first. Of many contexts none is in the cache, and a switch waits some 100 ns
 * for it, 10 ns if it was prefetched one or two switches ahead. */
static inline void leash__context_prefetch(const struct leash__context *context)
{
    const char *sp = (const char *)context->sp;
    __builtin_prefetch(sp);
    __builtin_prefetch(sp + 64);
    __builtin_prefetch(sp + 128);
    __asm__ volatile(""); /* gcc drops calls of a function that does nothing but prefetch */
}
/* A switch for the last time: `from` ended and will be freed by `to`. Does not return. */
void leash__context_exit(struct leash__context *from, struct leash__context *to) __attribute__((noreturn));

/* Where a context that does not run stopped, for unwinding: registers as saved. False if it never ran. */
struct leash__registers {
    uintptr_t sp, pc, fp;
    uintptr_t callee_saved[12]; /* x86-64: rbx r12 r13 r14 r15; aarch64: x19-x28 */
};
bool leash__context_registers(const struct leash__context *context, struct leash__registers *out);
/* The live part of a stack that does not run: [*low, *high). */
void leash__context_live(const struct leash__context *context, const char **low, const char **high);
/* The whole mapping of the stack, guard excluded; and of every slab of a pool (for the scan to exclude). */
void leash__context_bounds(const struct leash__context *context, const char **low, const char **high);
typedef void leash__range_fn(const void *low, const void *high, void *argument);
void leash__stacks_ranges(const struct leash__stacks *stacks, leash__range_fn *fn, void *argument);

/* Overflow: SIGSEGV and SIGBUS are taken only if free (SIG_DFL), on an alternate stack, and given back by _end. `name`
 * is called in the handler (async-signal-safe!) and writes one line about the task that runs on this thread into
 * buffer: its name and site; returns its length, 0 if no task runs. The report goes to stderr, then the signal takes
 * its default course. A fault that is no overflow of the running task's stack is passed on untouched. */
typedef size_t leash__running_name_fn(char *buffer, size_t size);
int leash__overflow_watch(leash__running_name_fn *name); /* process-wide, counted */
void leash__overflow_watch_end(void);
int leash__overflow_thread(void); /* this thread's alternate stack, if it has none */
void leash__overflow_thread_end(void);
/* The context that runs on this thread: set by the switch, read by the overflow handler. NULL on the thread's own
 * stack. */
extern __thread struct leash__context *leash__context_running __attribute__((tls_model("initial-exec")));
/* Canary fallback (no guard pages): true if the stack's low end was overwritten. Cheap; to be called at each switch
 * out. Always false where the stack has a guard. */
bool leash__context_canary_hit(const struct leash__context *context);
static inline bool leash__context_overflowed(const struct leash__context *context)
{
    return context->canary && leash__context_canary_hit(context);
}
/* Reports that overflow as the handler would, and aborts. `context` is the one that overflowed; `name` as above, or
 * NULL. */
void leash__context_overflow_abort(const struct leash__context *context, leash__running_name_fn *name)
    __attribute__((noreturn));

#endif
