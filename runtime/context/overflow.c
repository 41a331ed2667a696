#include "context.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "stacks.h"

/* Room for the kernel's signal frame (some 3 KiB with AVX-512, 11 KiB with AMX), the report, and the name's callback.
 */
enum { ALTERNATE_STACK_ROOM = 32 * 1024 };
/* An overflow is found at the latest when sp is this close to the end: a function that calls nothing uses memory below
 * it. */
enum { RED_ZONE = 128 + 128 };

static const int watched_signals[] = {SIGSEGV, SIGBUS};
enum { WATCHED = sizeof(watched_signals) / sizeof(watched_signals[0]) };

static pthread_mutex_t watch_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned watch_count;
static leash__running_name_fn *volatile running_name;

/* What overflow_thread mapped for this thread; NULL if it brought its own. */
static __thread void *alternate_stack;
static __thread size_t alternate_size;

/* --- The report. Only async-signal-safe functions from here on. --- */

struct line {
    char text[512];
    size_t length;
};

static void add_bytes(struct line *line, const char *text, size_t length)
{
    size_t room = sizeof(line->text) - line->length;
    if (length > room)
        length = room;
    memcpy(line->text + line->length, text, length);
    line->length += length;
}

static void add(struct line *line, const char *text)
{
    add_bytes(line, text, strlen(text));
}

static void add_number(struct line *line, size_t number)
{
    char digits[24];
    size_t at = sizeof(digits);
    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    add_bytes(line, digits + at, sizeof(digits) - at);
}

static void report(const struct leash__stack *stack, leash__running_name_fn *name)
{
    char task[384];
    size_t length = name ? name(task, sizeof(task)) : 0;
    struct line line = {.length = 0};
    add(&line, "leash: stack overflow in ");
    if (length)
        add_bytes(&line, task, length < sizeof(task) ? length : sizeof(task));
    else
        add(&line, "a task");
    add(&line, ": its stack is ");
    add_number(&line, (size_t)(stack->high - stack->low) / 1024);
    add(&line, " KiB; use a larger stack_size\n");
    for (size_t done = 0; done < line.length;) {
        ssize_t n = write(STDERR_FILENO, line.text + done, line.length - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
}

static uintptr_t stack_pointer(const ucontext_t *context)
{
#if defined(__x86_64__)
    return (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#else
    return (uintptr_t)context->uc_mcontext.sp;
#endif
}

/* By the address alone the fault would be blamed on the wrong stack: a large frame jumps over a guard of one page into
 * the neighbour's. So it is the running stack that is asked: was its guard hit, or did sp leave it and memory between
 * sp and its end? */
static bool is_overflow(const struct leash__stack *stack, uintptr_t address, uintptr_t sp)
{
    uintptr_t low = (uintptr_t)stack->low, end = low + stack->guard_size;
    if (address >= low && address < end)
        return true;
    return sp < end + RED_ZONE && address < end && address + RED_ZONE >= sp;
}

static void on_fault(int signal_number, siginfo_t *info, void *context)
{
    int saved_errno = errno;
    const struct leash__context *running = leash__context_running;
    /* Else somebody sent the signal, or memory broke that nobody reads just now: neither happens again by itself. */
    bool fault = info->si_code > 0 && !(signal_number == SIGBUS && info->si_code == BUS_MCEERR_AO);
    if (fault && running && is_overflow(running->stack, (uintptr_t)info->si_addr, stack_pointer(context)))
        report(running->stack, running_name);
    /* The default course: a fault happens again as soon as the handler returns, and is the core's first frame. */
    (void)signal(signal_number, SIG_DFL);
    if (!fault)
        (void)raise(signal_number);
    errno = saved_errno;
}

void leash__context_overflow_abort(const struct leash__context *context, leash__running_name_fn *name)
{
    report(context->stack, name);
    abort();
}

/* --- Installing it --- */

static bool is_ours(const struct sigaction *action)
{
    return action->sa_flags & SA_SIGINFO && action->sa_sigaction == on_fault;
}

static bool is_free(const struct sigaction *action)
{
    return !(action->sa_flags & SA_SIGINFO) && action->sa_handler == SIG_DFL;
}

int leash__overflow_watch(leash__running_name_fn *name)
{
    pthread_mutex_lock(&watch_lock);
    if (watch_count++ == 0) {
        running_name = name;
        for (size_t i = 0; i < WATCHED; i++) {
            struct sigaction old, ours = {.sa_flags = SA_SIGINFO | SA_ONSTACK, .sa_sigaction = on_fault};
            if (sigaction(watched_signals[i], NULL, &old) == 0 && is_free(&old))
                (void)sigaction(watched_signals[i], &ours, NULL);
        }
    }
    pthread_mutex_unlock(&watch_lock);
    return 0;
}

void leash__overflow_watch_end(void)
{
    pthread_mutex_lock(&watch_lock);
    if (--watch_count == 0) {
        for (size_t i = 0; i < WATCHED; i++) {
            struct sigaction now, free_again = {.sa_handler = SIG_DFL};
            if (sigaction(watched_signals[i], NULL, &now) == 0 && is_ours(&now))
                (void)sigaction(watched_signals[i], &free_again, NULL);
        }
    }
    pthread_mutex_unlock(&watch_lock);
}

int leash__overflow_thread(void)
{
    stack_t now;
    if (sigaltstack(NULL, &now) < 0)
        return -errno;
    if (!(now.ss_flags & SS_DISABLE))
        return 0;
    long frame = sysconf(_SC_MINSIGSTKSZ);
    size_t size = ALTERNATE_STACK_ROOM + (frame > 0 ? (size_t)frame : 0);
    size = (size + 4095) & ~(size_t)4095;
    void *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED)
        return -errno;
    stack_t ours = {.ss_sp = stack, .ss_size = size};
    if (sigaltstack(&ours, NULL) < 0) {
        int rc = -errno;
        (void)munmap(stack, size);
        return rc;
    }
    alternate_stack = stack;
    alternate_size = size;
    return 0;
}

void leash__overflow_thread_end(void)
{
    if (!alternate_stack)
        return;
    stack_t now, none = {.ss_flags = SS_DISABLE};
    if (sigaltstack(NULL, &now) == 0 && now.ss_sp == alternate_stack)
        (void)sigaltstack(&none, NULL);
    (void)munmap(alternate_stack, alternate_size);
    alternate_stack = NULL;
}
