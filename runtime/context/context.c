#include "context.h"

#include <errno.h>

#include "saved.h"
#include "guard.h"
#include "sanitizer.h"
#include "stacks.h"

__thread struct leash__context *leash__context_running __attribute__((tls_model("initial-exec")));

typedef void any_function(void);

int leash__context_new(struct leash__context *context, struct leash__stacks *stacks, void (*entry)(void *),
                       void *argument)
{
    void *fiber;
    struct leash__stack *stack = leash__stack_take(stacks);
    if (!stack)
        return -ENOMEM;
    if (leash__sanitizer_fiber_new(&fiber) < 0) {
        leash__stack_give(stacks, stack);
        return -ENOMEM;
    }
    struct leash__saved *frame = (struct leash__saved *)(void *)stack - 1;
    uint64_t float_control = leash__stacks_float_control(stacks);
    if (__builtin_expect(fiber != NULL, 0))
        leash__saved_begin(frame, (any_function *)leash__sanitizer_entry, argument, (void *)(uintptr_t)entry,
                           float_control);
    else
        leash__saved_begin(frame, (any_function *)entry, argument, NULL, float_control);
    *context =
        (struct leash__context){.sp = frame, .stack = stack, .canary = leash__stack_canary(stack), .fiber = fiber};
    return 0;
}

void leash__context_free(struct leash__context *context, struct leash__stacks *stacks)
{
    struct leash__stack *stack = context->stack;
    if (!stack)
        return;
    const char *low, *high;
    leash__context_bounds(context, &low, &high);
    struct leash__stack copy = *stack;
    if (__builtin_expect(context->fiber != NULL, 0))
        leash__sanitizer_fiber_free(context->fiber, low, high);
    leash__stack_give(stacks, &copy);
    *context = (struct leash__context){0};
}

void leash__context_of_thread(struct leash__context *context)
{
    *context = (struct leash__context){.fiber = leash__sanitizer_fiber_of_thread()};
}

void leash__context_of_thread_end(struct leash__context *context)
{
    *context = (struct leash__context){0};
}

static struct leash__context *running_after(struct leash__context *to)
{
    return to->stack ? to : NULL;
}

void leash__context_switch(struct leash__context *from, struct leash__context *to)
{
    if (__builtin_expect(from->fiber != NULL, 0))
        leash__sanitizer_switch(from, to);
    else
        leash__switch(&from->sp, to->sp, running_after(to));
}

/* ASan would look for its stack after leash__jump. */
__attribute__((no_sanitize("address", "thread", "undefined"))) void leash__context_exit(struct leash__context *from,
                                                                                        struct leash__context *to)
{
    if (__builtin_expect(from->fiber != NULL, 0))
        leash__sanitizer_exit(to);
    leash__jump(to->sp, running_after(to));
}

__attribute__((no_sanitize("address", "thread"))) bool leash__context_registers(const struct leash__context *context,
                                                                                struct leash__registers *out)
{
    const struct leash__saved *frame = context->sp;
    if (!frame || frame->pc == (uint64_t)(uintptr_t)&leash__trampoline)
        return false;
    *out = (struct leash__registers){.sp = (uintptr_t)(frame + 1), .pc = frame->pc};
    leash__saved_registers(frame, &out->fp, out->callee_saved);
    return true;
}

void leash__context_live(const struct leash__context *context, const char **low, const char **high)
{
    const struct leash__stack *stack = context->stack;
    *low = stack ? context->sp : NULL;
    *high = stack ? stack->high : NULL;
}

void leash__context_bounds(const struct leash__context *context, const char **low, const char **high)
{
    const struct leash__stack *stack = context->stack;
    *low = stack ? stack->low + stack->guard_size : NULL;
    *high = stack ? stack->high : NULL;
}

__attribute__((no_sanitize("address", "thread"))) bool leash__context_canary_hit(const struct leash__context *context)
{
    const struct leash__stack *stack = context->stack;
    return (const char *)context->sp < stack->low + stack->guard_size || leash__guard_canary_hit(context->canary);
}
