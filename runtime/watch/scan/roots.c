#include "roots.h"

#include <arena.h>
#include <context.h>
#include <pthread.h>
#include <unistd.h>

static void exclude(const void *low, const void *high, void *ranges)
{
    leash__ranges_add(ranges, low, high);
}

static void note_loops_own(const struct leash__context *context, void *task, void *own)
{
    (void)task;
    if (!context->stack)
        ((struct leash__own_stack *)own)->sp = context->sp;
}

/* The lower end of this thread's stack; NULL for the main thread (glibc would read /proc/self/maps through malloc) and
 * where `sp` is not on it. */
static const char *own_stack_low(const char *sp)
{
    pthread_attr_t attributes;
    void *low = NULL;
    size_t size = 0;
    if (getpid() == gettid() || pthread_getattr_np(pthread_self(), &attributes) != 0)
        return NULL;
    pthread_attr_getstack(&attributes, &low, &size);
    pthread_attr_destroy(&attributes);
    return sp >= (char *)low && sp < (char *)low + size ? low : NULL;
}

struct leash__own_stack leash__roots_own_stack(const struct leash__scan_request *request, const char *sp)
{
    struct leash__own_stack own = {NULL, leash__context_running ? NULL : sp};
    if (request->loop && leash__context_running)
        leash__loop_contexts(request->loop, note_loops_own, &own);
    own.low = own_stack_low(own.sp);
    return own;
}

void leash__roots_exclude(const struct leash__scan_request *request, const struct leash__own_stack *own,
                          struct leash__ranges *out)
{
    leash__arena_ranges(exclude, out);
    leash__ranges_add(out, request->handles, request->handles + request->count);
    leash__ranges_add(out, request->found, request->found + request->count);
    if (request->loop)
        leash__stacks_ranges(leash__loop_stacks(request->loop), exclude, out);
    if (own->low)
        leash__ranges_add(out, own->low, own->sp);
    leash__ranges_sort(out);
}

struct each {
    const struct leash__scan_request *request;
    leash__reader_fn *fn;
    void *argument;
    uint64_t words[256]; /* that wait for fn */
    size_t count;
};

static void part(const struct each *each, const char *low, const char *high)
{
    if (low < high)
        each->fn((const unsigned char *)low, (size_t)(high - low), (uintptr_t)low, each->argument);
}

static void whole_context(const struct leash__context *context, void *argument)
{
    const char *low, *high;
    leash__context_live(context, &low, &high);
    part(argument, low, high);
}

static void give_words(struct each *each)
{
    part(each, (const char *)each->words, (const char *)(each->words + each->count));
    each->count = 0;
}

static void take_word(uint64_t word, void *argument)
{
    struct each *each = argument;
    each->words[each->count++] = word;
    if (each->count == sizeof each->words / sizeof *each->words)
        give_words(each);
}

static void context_of_loop(const struct leash__context *context, void *task, void *argument)
{
    const struct each *each = argument;
    if (!context->stack)
        return; /* the loop's own: its mapping is searched */
    if (!task || !each->request->tasks)
        whole_context(context, argument);
}

void leash__roots_each(const struct leash__scan_request *request, const char *sp, leash__reader_fn *fn, void *argument)
{
    struct each each = {.request = request, .fn = fn, .argument = argument};
    if (leash__context_running) {
        const char *low, *high;
        leash__context_bounds(leash__context_running, &low, &high);
        part(&each, sp >= low && sp < high ? sp : low, high);
    }
    if (request->loop)
        leash__loop_contexts(request->loop, context_of_loop, &each);
    leash__cells_words(take_word, &each);
    give_words(&each);
}

void leash__roots_of_task(void *task, leash__reader_fn *fn, void *argument)
{
    struct each each = {.fn = fn, .argument = argument};
    leash__task_contexts(task, whole_context, &each);
}
