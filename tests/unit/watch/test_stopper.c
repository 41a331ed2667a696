/* Other threads during a scan: whatever they hold is found, also while they move it; they notice nothing; and where
 * they cannot be stopped the scan says so. */
#include "planting.h"
#include "stopper.h"
#include "test.h"

#include <errno.h>
#include <own_threads.h>
#include <poll.h>
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
#include <time.h>
#include <unistd.h>

static sem_t ready, leave;
static atomic_bool stop;

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
    return 0;
}

static pthread_t start(void *(*fn)(void *), void *argument)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, fn, argument), 0);
    return thread;
}

static double clock_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- what they hold ---- */

/* A handle in two parts that are none: it exists in the register alone. */
static struct {
    uint64_t a, b;
    volatile int go, running;
} held;

static __attribute__((noinline)) void prepare_parts(unsigned number)
{
    held.b = UINT64_C(0x5555aaaa5555aaaa);
    held.a = handle_of(number) ^ held.b;
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

static void found_in_register(void *(*hold)(void *))
{
    prepare_parts(700);
    assert_true(misses(700, NULL));
    pthread_t thread = start(hold, NULL);
    while (!held.running)
        sched_yield();
    bool good = finds(700, NULL);
    held.go = 1;
    pthread_join(thread, NULL);
    assert_true(good);
    assert_true(misses(700, NULL));
}

static void a_general_register(void **state)
{
    (void)state;
    found_in_register(hold_in_general);
}

static void a_vector_register(void **state)
{
    (void)state;
    found_in_register(hold_in_vector);
}

static __thread char in_tls[16];

static void *hold_in_tls_and_stack(void *unused)
{
    volatile char local[32];
    plant((char *)local + 5, 710);
    plant(in_tls + 3, 712);
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
    bool good = finds(710, NULL) && finds(712, NULL);
    sem_post(&leave);
    pthread_join(thread, NULL);
    assert_true(good);
}

static char places[2][1 << 20];

/* From one end of memory to another and back: wherever a search has been, it may come. */
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
    bool good = true;
    plant(places[0] + 77, 720);
    pthread_t thread = start(carry, NULL);
    await_semaphore(&ready);
    for (int round = 0; round < 200; round++)
        good &= finds(720, NULL);
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    memset(places, 0, sizeof places);
    assert_true(good);
}

/* ---- what they notice ---- */

enum { SLEEP_MS = 300 };

struct sleeper {
    int rc;
    double lasted;
};

static void *sleep_a_while(void *argument)
{
    struct sleeper *sleeper = argument;
    double began = clock_s();
    sem_post(&ready);
    sleeper->rc = nanosleep(&(struct timespec){0, SLEEP_MS * 1000000}, NULL);
    sleeper->lasted = clock_s() - began;
    return NULL;
}

static void *poll_a_while(void *argument)
{
    struct sleeper *sleeper = argument;
    double began = clock_s();
    sem_post(&ready);
    sleeper->rc = poll(NULL, 0, SLEEP_MS);
    sleeper->lasted = clock_s() - began;
    return NULL;
}

static int pipe_ends[2];

static void *read_a_byte(void *argument)
{
    char byte;
    sem_post(&ready);
    ((struct sleeper *)argument)->rc = (int)read(pipe_ends[0], &byte, 1);
    return NULL;
}

static void their_waits_are_not_cut_short(void **state)
{
    (void)state;
    void *(*const fns[])(void *) = {sleep_a_while, poll_a_while, read_a_byte};
    struct sleeper sleepers[3] = {{.rc = -1}, {.rc = -1}, {.rc = -1}};
    pthread_t threads[3];
    assert_int_equal(pipe(pipe_ends), 0);
    for (int i = 0; i < 3; i++)
        threads[i] = start(fns[i], &sleepers[i]);
    for (int i = 0; i < 3; i++)
        await_semaphore(&ready);
    unsigned complete = 0;
    for (int round = 0; round < 20; round++) {
        scan_for(730, 2, NULL);
        complete += (unsigned)scanned.complete;
    }
    assert_int_equal(write(pipe_ends[1], "x", 1), 1);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(sleepers[0].rc, 0);
    assert_true(sleepers[0].lasted >= SLEEP_MS / 1000.0);
    assert_int_equal(sleepers[1].rc, 0);
    assert_true(sleepers[1].lasted >= SLEEP_MS / 1000.0);
    assert_int_equal(sleepers[2].rc, 1);
    assert_int_equal(complete, 20);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
}

static atomic_int handled;

static void count_signal(int number)
{
    (void)number;
    atomic_fetch_add(&handled, 1);
}

static void *spin(void *unused)
{
    sem_post(&ready);
    while (!atomic_load(&stop))
        sched_yield();
    return unused;
}

static void *send_signals(void *target)
{
    for (int sent = 0; sent < 2000; sent++)
        while (pthread_sigqueue(*(pthread_t *)target, SIGRTMIN + 3, (union sigval){0}) == EAGAIN)
            sched_yield();
    return NULL;
}

/* One that is about to be delivered when its thread is stopped is delivered afterwards. */
static void no_signal_is_lost(void **state)
{
    (void)state;
    struct sigaction counting = {.sa_handler = count_signal, .sa_flags = SA_RESTART}, before;
    sigaction(SIGRTMIN + 3, &counting, &before);
    atomic_store(&handled, 0);
    pthread_t target = start(spin, NULL);
    await_semaphore(&ready);
    pthread_t sender = start(send_signals, &target);
    for (int round = 0; round < 50; round++)
        scan_for(740, 1, NULL);
    pthread_join(sender, NULL);
    while (atomic_load(&handled) < 2000)
        sched_yield();
    atomic_store(&stop, true);
    pthread_join(target, NULL);
    sigaction(SIGRTMIN + 3, &before, NULL);
    assert_int_equal(atomic_load(&handled), 2000);
}

/* Who waits for any child meets no child of the scan's, and its signals are as they were. */
static void nothing_is_left_behind(void **state)
{
    (void)state;
    sigset_t before, after;
    pthread_t thread = start(spin, NULL);
    await_semaphore(&ready);
    pthread_sigmask(SIG_BLOCK, NULL, &before);
    scan_for(745, 1, NULL);
    pthread_sigmask(SIG_BLOCK, NULL, &after);
    int complete = scanned.complete;
    pid_t child = waitpid(-1, NULL, WNOHANG), any = child < 0 ? waitpid(-1, NULL, WNOHANG | __WALL) : child;
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(complete, 1);
    assert_int_equal(any, -1);
    assert_memory_equal(&before, &after, 8);
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

static void threads_that_come_and_go(void **state)
{
    (void)state;
    pthread_t threads[3];
    unsigned complete = 0, wrong = 0;
    plant(places[0], 750);
    for (int i = 0; i < 3; i++)
        threads[i] = start(start_threads, NULL);
    for (int round = 0; round < 100; round++) {
        uint32_t found = scan_for(750, 2, NULL);
        complete += (unsigned)scanned.complete;
        wrong += found != (scanned.complete ? 1 : 3);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    memset(places[0], 0, 8);
    assert_int_equal(wrong, 0);
    assert_true(complete > 0);
}

static void more_than_expected(void **state)
{
    (void)state;
    enum { MANY = 150 };
    pthread_t threads[MANY];
    for (int i = 0; i < MANY; i++)
        threads[i] = start(i == MANY - 1 ? hold_in_tls_and_stack : spin, NULL);
    for (int i = 0; i < MANY; i++)
        await_semaphore(&ready);
    bool good = finds(712, NULL);
    atomic_store(&stop, true);
    sem_post(&leave);
    for (int i = 0; i < MANY; i++)
        pthread_join(threads[i], NULL);
    assert_true(good);
}

static void *stop_often(void *unused)
{
    struct leash__stopper *stopper = NULL;
    for (int round = 0; round < 50; round++) {
        if (leash__threads_stop(&stopper, 0, NULL) < 0 || !leash__threads_resume(stopper))
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
}

/* ---- the helper ---- */

/* The child that nobody who waits for any meets: the only one. */
static pid_t helper(void)
{
    char path[64];
    int pid = 0;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", gettid());
    FILE *children = fopen(path, "r");
    if (children && fscanf(children, "%d", &pid) != 1)
        pid = 0;
    if (children)
        fclose(children);
    return pid;
}

static atomic_uint turns;
static pid_t counting; /* the thread's number */

static void *count_turns(void *unused)
{
    counting = gettid();
    sem_post(&ready);
    while (!atomic_load(&stop))
        atomic_fetch_add(&turns, 1);
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
    int rc = leash__threads_stop(&stopper, 0, NULL);
    unsigned before = atomic_load(&turns);
    for (int i = 0; i < 1000; i++)
        sched_yield();
    unsigned after = atomic_load(&turns);
    bool held_all = leash__threads_resume(stopper);
    await_progress();
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(rc, 0);
    assert_true(held_all);
    assert_int_equal(after, before);
}

static void a_helper_that_is_killed(void **state)
{
    (void)state;
    struct leash__stopper *stopper = NULL;
    pthread_t thread = start(count_turns, NULL);
    await_semaphore(&ready);
    int rc = leash__threads_stop(&stopper, 0, NULL);
    pid_t pid = rc == 0 ? helper() : 0;
    if (pid > 0)
        kill(pid, SIGKILL);
    await_progress(); /* who was traced goes on */
    bool held_all = leash__threads_resume(stopper);
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    assert_int_equal(rc, 0);
    assert_true(pid > 0);
    assert_false(held_all);
}

static void *count_turns_aside(void *argument)
{
    leash__own_thread_begin();
    leash__own_thread_set_aside();
    void *result = count_turns(argument);
    leash__own_thread_end();
    return result;
}

static void the_thread_set_aside_runs_on(void **state)
{
    (void)state;
    struct leash__stopper *stopper = NULL;
    pthread_t thread = start(count_turns_aside, NULL), other = start(spin, NULL);
    await_semaphore(&ready);
    await_semaphore(&ready);
    int rc = leash__threads_stop(&stopper, 0, NULL);
    if (rc == 0)
        await_progress();
    bool held_all = leash__threads_resume(stopper);
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    pthread_join(other, NULL);
    assert_int_equal(rc, 0);
    assert_true(held_all);
    assert_int_equal(leash__own_threads_aside(), 0); /* it ended */
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
    return unused;
}

static void one_that_does_not_stop(void **state)
{
    (void)state;
    assert_int_equal(pipe(vfork_gate), 0);
    pthread_t waiting = start(wait_for_a_child, NULL), other = start(count_turns, NULL);
    await_semaphore(&ready);
    await_semaphore(&ready);
    do
        scan_for(760, 2, NULL); /* until it is there */
    while (scanned.complete);
    char expected[64];
    snprintf(expected, sizeof expected, "thread %d did not stop", vforking);
    bool says = strstr(scanned.reason, expected) != NULL && answer() == 3;
    await_progress();
    assert_int_equal(write(vfork_gate[1], "x", 1), 1);
    pthread_join(waiting, NULL);
    atomic_store(&stop, true);
    pthread_join(other, NULL);
    close(vfork_gate[0]);
    close(vfork_gate[1]);
    assert_true(says);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_general_register, begin),
        cmocka_unit_test_setup(a_vector_register, begin),
        cmocka_unit_test_setup(stack_and_thread_locals, begin),
        cmocka_unit_test_setup(one_that_is_carried_about, begin),
        cmocka_unit_test_setup(their_waits_are_not_cut_short, begin),
        cmocka_unit_test_setup(no_signal_is_lost, begin),
        cmocka_unit_test_setup(nothing_is_left_behind, begin),
        cmocka_unit_test_setup(threads_that_come_and_go, begin),
        cmocka_unit_test_setup(more_than_expected, begin),
        cmocka_unit_test_setup(two_that_stop_each_other, begin),
        cmocka_unit_test_setup(they_stand_still_and_go_on, begin),
        cmocka_unit_test_setup(a_helper_that_is_killed, begin),
        cmocka_unit_test_setup(the_thread_set_aside_runs_on, begin),
        cmocka_unit_test_setup(one_that_does_not_stop, begin),
    };
    if (scan_is_off())
        return 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
