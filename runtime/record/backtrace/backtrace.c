/* The stack at a creation, and a coroutine's function: raw addresses, interned, said as module and offset. Names are
 * looked up much later (names.h). */
#define UNW_LOCAL_ONLY
#include "interned.h"

#include <definitions.h>
#include <errno.h>
#include <event.h>
#include <libunwind.h>

/* Says of each address where it lies, without the runtime's own. NULL: nothing is left, or no memory. */
static struct leash__stack_entry *resolve(const uintptr_t *raw, size_t count, unsigned skip)
{
    static struct leash__stack_build build; /* not on a coroutine's stack; the lock is held */
    build.depth = 0;
    leash__stack_add(&build, raw, count, skip, LEASH_STACK_DEPTH);
    return leash__stack_built(&build);
}

/* The number of the stack, defined in the trace; 0: it is not known. */
static uint64_t stack_id(struct leash__events *events, const uintptr_t *raw, size_t count, unsigned skip)
{
    uint64_t id = 0;
    pthread_mutex_lock(&leash__definitions_lock);
    leash__stacks_look_again();
    struct leash__stack_entry *entry = leash__stack_cached(raw, count);
    if (!entry && (entry = resolve(raw, count, skip)))
        leash__stack_cache(raw, count, entry);
    if (entry && leash__stack_define(events, entry))
        id = entry->id;
    pthread_mutex_unlock(&leash__definitions_lock);
    return id;
}

/* Of TSan's run-time library, if the program has it. */
extern void __tsan_init(void) __attribute__((weak));

/* Return addresses, innermost first. unw_backtrace is five to ten times faster, but leaves a cache to each thread,
 * whose destructor takes a lock when TSan has already forgotten the thread. By one thread at a time then: libunwind
 * looks without a lock whether it has been set up, and TSan calls that a race. */
static __attribute__((always_inline)) inline size_t walk(uintptr_t *addresses)
{
    if (!__tsan_init) {
        void *raw[LEASH_STACK_RAW];
        int count = unw_backtrace(raw, LEASH_STACK_RAW);
        for (int i = 0; i < count; i++)
            addresses[i] = (uintptr_t)raw[i];
        return count > 0 ? (size_t)count : 0;
    }
    unw_context_t context;
    unw_cursor_t cursor;
    unw_word_t address;
    size_t count = 0;
    if (unw_getcontext(&context) != 0)
        return 0;
    pthread_mutex_lock(&leash__definitions_lock);
    bool more = unw_init_local(&cursor, &context) == 0;
    while (more && count < LEASH_STACK_RAW && unw_get_reg(&cursor, UNW_REG_IP, &address) == 0) {
        addresses[count++] = (uintptr_t)address;
        more = unw_step(&cursor) > 0;
    }
    pthread_mutex_unlock(&leash__definitions_lock);
    return count;
}

static __attribute__((always_inline)) inline uint64_t here(struct leash__events *events, unsigned skip)
{
    uintptr_t addresses[LEASH_STACK_RAW];
    int saved = errno;
    size_t count = events->at ? walk(addresses) : 0;
    uint64_t id = count ? stack_id(events, addresses, count, skip) : 0;
    errno = saved;
    return id;
}

__attribute__((noinline)) uint64_t leash__events_stack_here(struct leash__events *events, unsigned skip)
{
    return here(events, skip);
}

__attribute__((noinline)) void leash__events_stack(struct leash__events *events, uint64_t subject,
                                                   enum leash_subject kind, unsigned skip)
{
    uint64_t id = here(events, skip);
    if (id)
        leash__event(events, LEASH_EV_STACK, NULL, subject, id, kind);
}

uint64_t leash__events_stack_again(struct leash__events *events, uint64_t number)
{
    pthread_mutex_lock(&leash__definitions_lock);
    struct leash__stack_entry *entry = leash__stack_of_number(number);
    pthread_mutex_unlock(&leash__definitions_lock);
    return leash__stack_number(events, entry);
}

void leash__events_function(struct leash__events *events, uint64_t coro, void (*fn)(void))
{
    uintptr_t address = (uintptr_t)fn;
    int saved = errno;
    if (!events->at)
        return;
    pthread_mutex_lock(&leash__definitions_lock);
    leash__stacks_look_again();
    struct leash__module *module = leash__module_of(address);
    bool known = module && leash__module_define(events, module);
    pthread_mutex_unlock(&leash__definitions_lock);
    if (known)
        leash__event(events, LEASH_EV_CORO_FN, NULL, coro, module->id, address - module->base);
    errno = saved;
}
