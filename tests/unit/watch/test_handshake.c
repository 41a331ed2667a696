/* Other threads during a scan, where nobody may trace them: a signal that the program names stops them, whatever they
 * hold is found, and it is as free afterwards as it was; without it the scan says what to do. */
#include "forbid.h"
#include "planting.h"
#include "stopper.h"
#include "test.h"

#include <arena.h>
#include <errno.h>
#include <ports.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static sem_t ready, leave;
static atomic_bool stop;
static int number; /* the signal */

static void await_semaphore(sem_t *semaphore)
{
    while (sem_wait(semaphore) < 0)
        ;
}

static int begin(void **state)
{
    (void)state;
    sem_init(&ready, 0, 0);
    sem_init(&leave, 0, 0);
    atomic_store(&stop, false);
    stop_signal = number;
    return 0;
}

static pthread_t start(void *(*fn)(void *), void *argument)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, fn, argument), 0);
    return thread;
}

static bool is_free(void)
{
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL;
}

/* Scans until it is complete: on a busy machine a thread may not come in time. */
static uint32_t scan_all(unsigned first, unsigned count)
{
    uint32_t bits;
    for (int tries = 0; (bits = scan_for(first, count, NULL), !scanned.complete) && tries < 50;)
        tries++;
    return bits;
}

static bool found(unsigned of)
{
    bool good = scan_all(of, 2) == 1 && scanned.complete;
    if (!good)
        print_message("number %u: complete %d %s\n", of, scanned.complete, scanned.reason);
    return good;
}

/* ---- what they hold ---- */

/* A handle in two parts that are none: it exists in the register alone. */
static struct {
    uint64_t a, b;
    volatile int go, running;
} held;

static __attribute__((noinline)) void prepare_parts(unsigned of)
{
    held.b = UINT64_C(0x5555aaaa5555aaaa);
    held.a = handle_of(of) ^ held.b;
    held.go = held.running = 0;
    char nothing[8];
    plant(nothing, 9999); /* what the registers hold is of another number */
}

static void *hold_in_general(void *unused)
{
#ifdef __x86_64__
    __asm__ volatile("mov %0, %%r13\n xor %1, %%r13\n movl $1, %3\n1: pause\n cmpl $0, %2\n je 1b\n xor %%r13, %%r13"
                     :
                     : "r"(held.a), "r"(held.b), "m"(held.go), "m"(held.running)
                     : "r13", "memory", "cc");
#else
    __asm__ volatile("eor x21, %0, %1\n mov w9, 1\n str w9, [%3]\n1: ldr w9, [%2]\n cbz w9, 1b\n mov x21, 0"
                     :
                     : "r"(held.a), "r"(held.b), "r"(&held.go), "r"(&held.running)
                     : "x21", "x9", "memory", "cc");
#endif
    return unused;
}

static void *hold_in_vector(void *unused)
{
#ifdef __x86_64__
    __asm__ volatile("movq %0, %%xmm13\n movq %1, %%xmm14\n pxor %%xmm14, %%xmm13\n pslldq $8, %%xmm13\n"
                     "movl $1, %3\n1: pause\n cmpl $0, %2\n je 1b\n pxor %%xmm13, %%xmm13"
                     :
                     : "r"(held.a), "r"(held.b), "m"(held.go), "m"(held.running)
                     : "xmm13", "xmm14", "memory", "cc");
#else
    __asm__ volatile("fmov d20, %0\n fmov d21, %1\n eor v20.16b, v20.16b, v21.16b\n mov w9, 1\n str w9, [%3]\n"
                     "1: ldr w9, [%2]\n cbz w9, 1b\n movi v20.2d, 0"
                     :
                     : "r"(held.a), "r"(held.b), "r"(&held.go), "r"(&held.running)
                     : "v20", "v21", "x9", "memory", "cc");
#endif
    return unused;
}

static void found_in_register(void *(*hold)(void *), unsigned of)
{
    prepare_parts(of);
    assert_true(misses(of, NULL));
    pthread_t thread = start(hold, NULL);
    while (!held.running)
        sched_yield();
    bool good = found(of);
    held.go = 1;
    pthread_join(thread, NULL);
    assert_true(good);
    assert_true(is_free());
}

static void a_general_register(void **state)
{
    (void)state;
    found_in_register(hold_in_general, 800);
}

static void a_vector_register(void **state)
{
    (void)state;
    found_in_register(hold_in_vector, 802);
}

/* Its registers are saved on a stack that no scan looks into: the runtime's own is such. */
enum { ALTERNATE = 64 * 1024 };

struct beside {
    void *(*hold)(void *);
    char *stack;
};

static void *hold_beside_alternate_stack(void *argument)
{
    const struct beside *beside = argument;
    stack_t mine = {.ss_sp = beside->stack, .ss_size = ALTERNATE}, none = {.ss_flags = SS_DISABLE};
    sigaltstack(&mine, NULL);
    beside->hold(NULL);
    sigaltstack(&none, NULL);
    return NULL;
}

static void found_beside_alternate_stack(void *(*hold)(void *), unsigned of)
{
    struct beside beside = {hold, leash__arena_map(ALTERNATE)};
    prepare_parts(of);
    pthread_t thread = start(hold_beside_alternate_stack, &beside);
    while (!held.running)
        sched_yield();
    bool good = found(of), used = false;
    held.go = 1;
    pthread_join(thread, NULL);
    for (size_t i = 0; i < ALTERNATE; i++)
        used |= beside.stack[i] != 0;
    leash__arena_unmap(beside.stack, ALTERNATE);
    assert_true(good);
    assert_true(used);
}

static void a_thread_with_an_alternate_stack(void **state)
{
    (void)state;
    found_beside_alternate_stack(hold_in_general, 804);
    found_beside_alternate_stack(hold_in_vector, 806);
}

static __thread char in_tls[16];

static void *hold_in_tls_and_stack(void *unused)
{
    volatile char local[32];
    plant((char *)local + 5, 810);
    plant(in_tls + 3, 812);
    sem_post(&ready);
    await_semaphore(&leave);
    memset((char *)local, 0, sizeof local);
    return unused;
}

static void stack_and_thread_locals(void **state)
{
    (void)state;
    pthread_t thread = start(hold_in_tls_and_stack, NULL);
    await_semaphore(&ready);
    bool good = found(810) && found(812);
    sem_post(&leave);
    pthread_join(thread, NULL);
    assert_true(good);
}

static char places[2][1 << 20];

static void *carry(void *unused)
{
    sem_post(&ready);
    for (unsigned round = 0; !atomic_load(&stop); round++) {
        memcpy(places[~round % 2] + 77, places[round % 2] + 77, 8);
        memset(places[round % 2] + 77, 0, 8);
    }
    return unused;
}

static void one_that_is_carried_about(void **state)
{
    (void)state;
    unsigned complete = 0, wrong = 0;
    plant(places[0] + 77, 820);
    pthread_t thread = start(carry, NULL);
    await_semaphore(&ready);
    for (int round = 0; round < 200; round++) {
        uint32_t found = scan_for(820, 2, NULL);
        complete += (unsigned)scanned.complete;
        wrong += found != (scanned.complete ? 1 : 3);
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    memset(places, 0, sizeof places);
    assert_int_equal(wrong, 0);
    assert_true(complete > 0); /* a busy machine may not let it run for a while */
}

/* ---- what they notice ---- */

static atomic_uint turns;
static atomic_int error;

/* Computes, with errno as it was. */
static void *count_turns(void *unused)
{
    errno = EXDEV;
    sem_post(&ready);
    while (!atomic_load(&stop)) {
        atomic_fetch_add(&turns, 1);
        atomic_store(&error, errno);
    }
    return unused;
}

static void await_progress(void)
{
    unsigned before = atomic_load(&turns);
    while (atomic_load(&turns) == before)
        sched_yield();
}

static void they_stand_still_and_go_on(void **state)
{
    (void)state;
    struct leash__stopper *stopper = NULL;
    pthread_t thread = start(count_turns, NULL);
    await_semaphore(&ready);
    await_progress();
    int rc;
    while ((rc = leash__threads_stop(&stopper, number, NULL)) == -ETIMEDOUT)
        ;
    unsigned before = atomic_load(&turns);
    for (int i = 0; i < 1000; i++)
        sched_yield();
    unsigned after = atomic_load(&turns);
    bool free_meanwhile = is_free(), held_all = leash__threads_resume(stopper);
    await_progress();
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(rc, 0);
    assert_true(held_all);
    assert_int_equal(after, before);
    assert_int_equal(atomic_load(&error), EXDEV);
    assert_false(free_meanwhile);
    assert_true(is_free());
}

static sigset_t mask_before, mask_after;

static void *keep_mask(void *unused)
{
    pthread_sigmask(SIG_BLOCK, NULL, &mask_before);
    sem_post(&ready);
    while (!atomic_load(&stop))
        sched_yield();
    pthread_sigmask(SIG_BLOCK, NULL, &mask_after);
    return unused;
}

static void no_mask_is_changed(void **state)
{
    (void)state;
    sigset_t before, after;
    pthread_t thread = start(keep_mask, NULL);
    await_semaphore(&ready);
    pthread_sigmask(SIG_BLOCK, NULL, &before);
    bool complete = (scan_all(830, 1), scanned.complete);
    pthread_sigmask(SIG_BLOCK, NULL, &after);
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    assert_true(complete);
    assert_memory_equal(&before, &after, 8);
    assert_memory_equal(&mask_before, &mask_after, 8);
}

/* What waits for a descriptor goes on by itself. */
static int pipe_ends[2];

static void *read_a_byte(void *rc)
{
    char byte;
    sem_post(&ready);
    *(ssize_t *)rc = read(pipe_ends[0], &byte, 1);
    return NULL;
}

static void a_read_is_not_cut_short(void **state)
{
    (void)state;
    ssize_t rc = -1;
    unsigned complete = 0;
    assert_int_equal(pipe(pipe_ends), 0);
    pthread_t thread = start(read_a_byte, &rc);
    await_semaphore(&ready);
    for (int round = 0; round < 20; round++) {
        scan_all(835, 1);
        complete += (unsigned)scanned.complete;
    }
    assert_int_equal(write(pipe_ends[1], "x", 1), 1);
    pthread_join(thread, NULL);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    assert_int_equal(complete, 20);
    assert_int_equal(rc, 1);
}

/* ---- threads that come and go ---- */

static void *nothing(void *unused)
{
    return unused;
}

static void *start_threads(void *unused)
{
    pthread_t thread;
    sem_post(&ready);
    while (!atomic_load(&stop))
        if (pthread_create(&thread, NULL, nothing, NULL) == 0)
            pthread_join(thread, NULL);
    return unused;
}

/* Some end after they were asked, some are made meanwhile, and all block signals for moments. */
static void threads_that_come_and_go(void **state)
{
    (void)state;
    pthread_t threads[3];
    unsigned complete = 0, wrong = 0;
    plant(places[0], 850);
    for (int i = 0; i < 3; i++)
        threads[i] = start(start_threads, NULL);
    for (int round = 0; round < 100; round++) {
        uint32_t found = scan_for(850, 2, NULL);
        complete += (unsigned)scanned.complete;
        wrong += found != (scanned.complete ? 1 : 3);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    memset(places[0], 0, 8);
    assert_int_equal(wrong, 0);
    assert_true(complete > 0);
    scan_all(850, 1); /* what was on its way has arrived, or its thread is gone */
    assert_true(is_free());
}

static void *wait_to_leave(void *unused)
{
    sem_post(&ready);
    await_semaphore(&leave);
    return unused;
}

static void more_than_expected(void **state)
{
    (void)state;
    enum { MANY = 150 };
    pthread_t threads[MANY];
    for (int i = 0; i < MANY; i++)
        threads[i] = start(i == MANY - 1 ? hold_in_tls_and_stack : wait_to_leave, NULL);
    for (int i = 0; i < MANY; i++)
        await_semaphore(&ready);
    bool good = found(812);
    for (int i = 0; i < MANY; i++)
        sem_post(&leave);
    for (int i = 0; i < MANY; i++)
        pthread_join(threads[i], NULL);
    assert_true(good);
}

static void *stop_often(void *unused)
{
    struct leash__stopper *stopper = NULL;
    for (int round = 0; round < 50; round++) {
        int rc = leash__threads_stop(&stopper, number, NULL);
        if ((rc < 0 && rc != -ETIMEDOUT) || (rc == 0 && !leash__threads_resume(stopper)))
            return &ready;
    }
    return unused;
}

static void two_that_stop_each_other(void **state)
{
    (void)state;
    void *a = &ready, *b = &ready;
    pthread_t first = start(stop_often, NULL), second = start(stop_often, NULL);
    pthread_join(first, &a);
    pthread_join(second, &b);
    assert_null(a);
    assert_null(b);
    assert_true(is_free());
}

/* ---- where it cannot be done ---- */

static bool says(const char *reason)
{
    bool good = scan_for(860, 2, NULL) == 3 && !scanned.complete && strstr(scanned.reason, reason);
    if (!good)
        print_message("said \"%s\"\n", scanned.reason);
    return good;
}

static void off_unless_asked_for(void **state)
{
    (void)state;
    stop_signal = 0;
    pthread_t thread = start(wait_to_leave, NULL);
    await_semaphore(&ready);
    bool good = says("stop_signal=N") && is_free();
    sem_post(&leave);
    pthread_join(thread, NULL);
    assert_true(good);
}

static void on_signal(int unused)
{
    (void)unused;
}

static void a_signal_that_is_not_free(void **state)
{
    (void)state;
    struct sigaction theirs = {.sa_handler = on_signal}, now;
    pthread_t thread = start(wait_to_leave, NULL);
    await_semaphore(&ready);
    sigaction(number, &theirs, NULL);
    bool taken = says("handled already");
    sigaction(number, NULL, &now);
    (void)signal(number, SIG_IGN);
    bool ignored = says("handled already");
    (void)signal(number, SIG_DFL);
    stop_signal = SIGUSR2;
    bool none = says("no real-time signal");
    sem_post(&leave);
    pthread_join(thread, NULL);
    assert_true(taken);
    assert_ptr_equal(now.sa_handler, on_signal);
    assert_true(ignored);
    assert_true(none);
}

static pid_t blocking;

static void *block_it(void *unused)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    blocking = gettid();
    sem_post(&ready);
    await_semaphore(&leave);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL); /* a signal that were on its way would come now */
    return unused;
}

static void one_that_blocks_it(void **state)
{
    (void)state;
    char expected[64];
    pthread_t thread = start(block_it, NULL), other = start(count_turns, NULL);
    await_semaphore(&ready);
    await_semaphore(&ready);
    snprintf(expected, sizeof expected, "thread %d blocks signal %d", blocking, number);
    bool good = says(expected) && is_free();
    await_progress(); /* the other one goes on */
    sem_post(&leave);
    pthread_join(thread, NULL);
    atomic_store(&stop, true);
    pthread_join(other, NULL);
    assert_true(good);
}

/* Scans beside a thread in a forked child. 0: that was complete, and the signal is free afterwards. */
static int fork_and_scan(void)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, wait_to_leave, NULL) != 0)
            _exit(1);
        await_semaphore(&ready);
        scan_all(880, 1);
        _exit(scanned.complete && is_free() ? 0 : 2);
    }
    waitpid(child, &status, 0);
    return status;
}

static int vfork_gate[2];
static pid_t vforking;

/* It waits in the kernel until its child is another program, and nothing can stop it there. */
static void *wait_for_a_child(void *unused)
{
    char byte;
    vforking = gettid();
    sem_post(&ready);
    pid_t child = (pid_t)syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0); /* with memory of its own */
    if (child == 0)
        _exit((int)read(vfork_gate[0], &byte, 1));
    waitpid(child, NULL, 0);
    atomic_fetch_add(&turns, 1);
    await_semaphore(&leave);
    return unused;
}

/* It comes late: after the limit, and by then its handler must still be there. */
static void one_that_answers_late(void **state)
{
    (void)state;
    char expected[64];
    assert_int_equal(pipe(vfork_gate), 0);
    pthread_t thread = start(wait_for_a_child, NULL);
    await_semaphore(&ready);
    do
        scan_for(870, 2, NULL); /* until it is there */
    while (scanned.complete);
    snprintf(expected, sizeof expected, "thread %d did not stop", vforking);
    bool named = strstr(scanned.reason, expected) && answer() == 3, kept = !is_free();
    bool again = says(expected), still = !is_free();
    int child_status = fork_and_scan(); /* nothing is on its way there */
    unsigned before = atomic_load(&turns);
    assert_int_equal(write(vfork_gate[1], "x", 1), 1);
    while (atomic_load(&turns) == before)
        sched_yield();
    bool complete = (scan_all(870, 1), scanned.complete), given_back = is_free();
    sem_post(&leave);
    pthread_join(thread, NULL);
    close(vfork_gate[0]);
    close(vfork_gate[1]);
    assert_int_equal(child_status, 0);
    assert_true(named);
    assert_true(kept);
    assert_true(again);
    assert_true(still);
    assert_true(complete);
    assert_true(given_back);
}

static void a_forked_child_begins_anew(void **state)
{
    (void)state;
    pthread_t thread = start(wait_to_leave, NULL);
    await_semaphore(&ready);
    bool before = (scan_all(880, 1), scanned.complete);
    int status = fork_and_scan();
    sem_post(&leave);
    pthread_join(thread, NULL);
    assert_true(before);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_general_register, begin),
        cmocka_unit_test_setup(a_vector_register, begin),
        cmocka_unit_test_setup(a_thread_with_an_alternate_stack, begin),
        cmocka_unit_test_setup(stack_and_thread_locals, begin),
        cmocka_unit_test_setup(one_that_is_carried_about, begin),
        cmocka_unit_test_setup(they_stand_still_and_go_on, begin),
        cmocka_unit_test_setup(no_mask_is_changed, begin),
        cmocka_unit_test_setup(a_read_is_not_cut_short, begin),
        cmocka_unit_test_setup(threads_that_come_and_go, begin),
        cmocka_unit_test_setup(more_than_expected, begin),
        cmocka_unit_test_setup(two_that_stop_each_other, begin),
        cmocka_unit_test_setup(off_unless_asked_for, begin),
        cmocka_unit_test_setup(a_signal_that_is_not_free, begin),
        cmocka_unit_test_setup(one_that_blocks_it, begin),
        cmocka_unit_test_setup(one_that_answers_late, begin),
        cmocka_unit_test_setup(a_forked_child_begins_anew, begin),
    };
    number = SIGRTMIN + 6;
    if (scan_is_off() || !forbid_calls(SYS_ptrace, 0))
        return 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
