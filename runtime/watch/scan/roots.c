#include "roots.h"

#include <arena.h>
#include <context.h>
#include <pthread.h>
#include <unistd.h>

static void exclude(const void *low, const void *high, void *ranges)
{
    leash__ranges_add(ranges, low, high);
}

static void note_loops_own(const struct leash__context *context, void *own)
{
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

void leash__roots_own_stack(const struct leash__scan_request *request, const char *sp, struct leash__own_stack *out)
{
    *out = (struct leash__own_stack){NULL, leash__context_running ? NULL : sp};
    if (request->loop && leash__context_running)
        leash__loop_contexts(request->loop, note_loops_own, out);
    out->low = own_stack_low(out->sp);
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

struct search {
    struct leash__handle_set *set;
    uint64_t bytes;
    uint64_t words[256]; /* that wait to be searched */
    size_t count;
};

static void search_part(struct search *search, const char *low, const char *high)
{
    if (low >= high)
        return;
    leash__handle_set_search(search->set, (const unsigned char *)low, (size_t)(high - low));
    search->bytes += (uint64_t)(high - low);
}

static void search_context(const struct leash__context *context, void *argument)
{
    const char *low, *high;
    if (!context->stack)
        return; /* the loop's own: its mapping is searched */
    leash__context_live(context, &low, &high);
    search_part(argument, low, high);
}

static void search_words(struct search *search)
{
    search_part(search, (const char *)search->words, (const char *)(search->words + search->count));
    search->count = 0;
}

static void take_word(uint64_t word, void *argument)
{
    struct search *search = argument;
    search->words[search->count++] = word;
    if (search->count == sizeof search->words / sizeof *search->words)
        search_words(search);
}

uint64_t leash__roots_search(const struct leash__scan_request *request, const char *sp, struct leash__handle_set *set)
{
    struct search search = {.set = set};
    if (leash__context_running) {
        const char *low, *high;
        leash__context_bounds(leash__context_running, &low, &high);
        search_part(&search, sp >= low && sp < high ? sp : low, high);
    }
    if (request->loop)
        leash__loop_contexts(request->loop, search_context, &search);
    leash__cells_words(take_word, &search);
    search_words(&search);
    return search.bytes;
}
