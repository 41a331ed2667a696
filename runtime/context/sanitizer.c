#include "sanitizer.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "saved.h"
#include "stacks.h"

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#include <valgrind/valgrind.h>
#define HAVE_VALGRIND 1
#else
#define HAVE_VALGRIND 0
#endif

#define WEAK           __attribute__((weak))
#define UNINSTRUMENTED __attribute__((no_sanitize("address", "thread", "undefined")))

extern void __sanitizer_start_switch_fiber(void **fake_stack_save, const void *bottom, size_t size) WEAK;
extern void __sanitizer_finish_switch_fiber(void *fake_stack, const void **old_bottom, size_t *old_size) WEAK;
extern void __asan_unpoison_memory_region(const volatile void *low, size_t size) WEAK;
extern void __lsan_register_root_region(const void *low, size_t size) WEAK;
extern void __lsan_unregister_root_region(const void *low, size_t size) WEAK;
extern void *__tsan_get_current_fiber(void) WEAK;
extern void *__tsan_create_fiber(unsigned flags) WEAK;
extern void __tsan_destroy_fiber(void *fiber) WEAK;
extern void __tsan_switch_to_fiber(void *fiber, unsigned flags) WEAK;

/* ASan knows stacks by their bounds and needs no object: any address that is not NULL does as a fiber. */
static char asan_fiber;
static atomic_uint tsan_fibers;

/* The bounds of the thread's own stack, as ASan told them when a context was first entered from there. */
static __thread struct {
    const void *low;
    size_t size;
    bool left; /* the switch under way leaves it */
} thread_stack;

static bool asan(void)
{
    return &__sanitizer_start_switch_fiber != NULL;
}

static bool tsan(void)
{
    return &__tsan_switch_to_fiber != NULL;
}

bool leash__sanitizer_reads_stacks(void)
{
    return &__lsan_register_root_region != NULL;
}

void leash__sanitizer_slab(const void *low, size_t size)
{
    if (&__lsan_register_root_region)
        __lsan_register_root_region(low, size);
}

void leash__sanitizer_slab_end(const void *low, size_t size)
{
    if (&__lsan_unregister_root_region)
        __lsan_unregister_root_region(low, size);
}

unsigned leash__context_sanitizer_threads(void)
{
    return tsan() ? 1 : 0;
}

void leash__context_process_ends(void)
{
    if (leash__context_running && thread_stack.low)
        leash__sanitizer_slab(thread_stack.low, thread_stack.size);
}

#if HAVE_VALGRIND

bool leash__valgrind_runs(void)
{
    return RUNNING_ON_VALGRIND != 0;
}

unsigned leash__valgrind_stack(const void *low, const void *high)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(low, (const char *)high - (const char *)low);
    return (unsigned)VALGRIND_STACK_REGISTER(low, (const char *)high - 1);
}

void leash__valgrind_stack_end(unsigned id, const void *low, const void *high)
{
    VALGRIND_STACK_DEREGISTER(id);
    (void)VALGRIND_MAKE_MEM_NOACCESS(low, (const char *)high - (const char *)low);
}

#else

bool leash__valgrind_runs(void)
{
    return false;
}

unsigned leash__valgrind_stack(const void *low, const void *high)
{
    (void)low;
    (void)high;
    return 0;
}

void leash__valgrind_stack_end(unsigned id, const void *low, const void *high)
{
    (void)id;
    (void)low;
    (void)high;
}

#endif

int leash__sanitizer_fiber_new(void **out)
{
    if (!tsan()) {
        *out = asan() ? &asan_fiber : NULL;
        return 0;
    }
    if (atomic_fetch_add(&tsan_fibers, 1) >= LEASH__TSAN_FIBERS) {
        atomic_fetch_sub(&tsan_fibers, 1);
        return -ENOMEM;
    }
    *out = __tsan_create_fiber(0);
    return 0;
}

void *leash__sanitizer_fiber_of_thread(void)
{
    if (tsan())
        return __tsan_get_current_fiber();
    return asan() ? &asan_fiber : NULL;
}

void leash__sanitizer_fiber_free(void *fiber, const void *low, const void *high)
{
    if (tsan()) {
        __tsan_destroy_fiber(fiber);
        atomic_fetch_sub(&tsan_fibers, 1);
        return;
    }
    size_t size = (size_t)((const char *)high - (const char *)low);
    __asan_unpoison_memory_region(low, size);
    /* What a dead context left there must not make a leaked block look reachable. */
    (void)madvise((void *)(uintptr_t)low, size, MADV_DONTNEED);
}

UNINSTRUMENTED static void start_switch(void **fake_stack, const struct leash__context *from,
                                        const struct leash__context *to)
{
    if (tsan()) {
        __tsan_switch_to_fiber(to->fiber, 0);
        return;
    }
    const char *low, *high;
    thread_stack.left = from && !from->stack;
    if (to->stack) {
        leash__context_bounds(to, &low, &high);
        __sanitizer_start_switch_fiber(fake_stack, low, (size_t)(high - low));
    } else {
        __sanitizer_start_switch_fiber(fake_stack, thread_stack.low, thread_stack.size);
    }
}

UNINSTRUMENTED static void finish_switch(void *fake_stack)
{
    if (tsan())
        return;
    const void *low;
    size_t size;
    __sanitizer_finish_switch_fiber(fake_stack, &low, &size);
    if (thread_stack.left) {
        thread_stack.low = low;
        thread_stack.size = size;
        thread_stack.left = false;
    }
}

UNINSTRUMENTED void leash__sanitizer_switch(struct leash__context *from, struct leash__context *to)
{
    start_switch(&from->fake_stack, from, to);
    leash__switch(&from->sp, to->sp, to->stack ? to : NULL);
    finish_switch(from->fake_stack);
}

UNINSTRUMENTED void leash__sanitizer_exit(struct leash__context *to)
{
    start_switch(NULL, NULL, to); /* no place to save it in: ASan frees the fake stack */
    leash__jump(to->sp, to->stack ? to : NULL);
}

/* In the section that base/own_frame.h names: recorded stacks leave the runtime's own frames out. */
UNINSTRUMENTED __attribute__((noinline, section("leash_calls"))) void leash__sanitizer_entry(void *argument,
                                                                                             void (*entry)(void *))
{
    finish_switch(NULL);
    entry(argument);
}
