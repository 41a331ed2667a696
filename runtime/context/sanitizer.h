/* What ASan, LSan, TSan and Valgrind must be told of stacks and switches. Private to context/.
 *
 * The sanitizers' functions are weak references: they are there if the program was built with a sanitizer, whether or
 * not this library was. Where they are not, a context's `fiber` is NULL and a stack's memory is left alone. */
#ifndef LEASH_CONTEXT_SANITIZER_H
#define LEASH_CONTEXT_SANITIZER_H

#include <stdbool.h>
#include <stddef.h>

#include "context.h"

/* True if LeakSanitizer will read the stacks: they then must hold nothing that it must not read. */
bool leash__sanitizer_reads_stacks(void);
/* A mapping that will hold stacks; and the same before it is unmapped. */
void leash__sanitizer_slab(const void *low, size_t size);
void leash__sanitizer_slab_end(const void *low, size_t size);

/* Valgrind. `low` to `high` becomes a stack in use; returns the id that _given takes. To be called under Valgrind only.
 */
bool leash__valgrind_runs(void);
unsigned leash__valgrind_stack(const void *low, const void *high);
void leash__valgrind_stack_end(unsigned id, const void *low, const void *high);

/* TSan ends the process when it has more threads and fibers than 8128. */
enum { LEASH__TSAN_FIBERS = 8000 };
/* A new context's `fiber`: NULL where no sanitizer wants to know of switches. 0, or -ENOMEM if TSan can have no more.
 */
int leash__sanitizer_fiber_new(void **out);
/* The running thread's own. */
void *leash__sanitizer_fiber_of_thread(void);
/* A context with a fiber is freed: [low, high) of its stack is clean again. */
void leash__sanitizer_fiber_free(void *fiber, const void *low, const void *high);

/* The switch from a context with a fiber; and for the last time, from one that ended. */
void leash__sanitizer_switch(struct leash__context *from, struct leash__context *to);
void leash__sanitizer_exit(struct leash__context *to) __attribute__((noreturn));
/* What a context with a fiber runs first: calls entry(argument) after it told the sanitizer that it is there. */
void leash__sanitizer_entry(void *argument, void (*entry)(void *));

#endif
