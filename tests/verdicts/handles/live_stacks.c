/* Live handles on stacks and in registers: of suspended coroutines, of the thread below the loop. The tasks
 * that hold them are daemons, so that they are no findings themselves. */
#include "verdict.h"

static leash_task_t handed_over;

static leash_task_t start(void)
{
    return leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 */
}

static int hold_in_a_local(void *unused)
{
    (void)unused;
    leash_task_t held = handed_over;
    handed_over = NULL;
    keep(&held);
    int rc = leash_sleep(3600);
    keep(&held);
    return rc;
}

/* It is in a register that a callee saves, wherever the compiler has it meanwhile. */
static int hold_in_a_register(void *unused)
{
    (void)unused;
#if defined(__x86_64__)
    register leash_task_t held __asm__("rbx") = handed_over;
#else
    register leash_task_t held __asm__("x20") = handed_over;
#endif
    handed_over = NULL;
    __asm__ volatile("" : "+r"(held) : : "memory");
    int rc = leash_sleep(3600);
    __asm__ volatile("" : "+r"(held) : : "memory");
    return rc;
}

static __attribute__((noinline)) int descend(int depth, leash_task_t held)
{
    char room[100];
    memset(room, depth, sizeof(room));
    keep(room);
    int rc = depth ? descend(depth - 1, NULL) : leash_sleep(3600);
    keep(&held);
    return rc;
}

static int hold_deep_below(void *unused)
{
    (void)unused;
    leash_task_t held = handed_over;
    handed_over = NULL;
    return descend(30, held);
}

static int hold_in_an_inner_call(void *task)
{
    int rc = leash_sleep(3600);
    keep(&task);
    return rc;
}

static int hold_in_an_inline_body(void *unused)
{
    (void)unused;
    leash_task_t task = handed_over;
    handed_over = NULL;
    return leash_await(leash_coro(hold_in_an_inner_call, task), NULL);
}

static int yield_holding(void *task)
{
    leash_task_t held = *(leash_task_t *)task;
    *(leash_task_t *)task = NULL;
    keep(&held);
    int rc = leash_yield(NULL);
    keep(&held);
    return rc;
}

static int hold_in_a_generator(void *unused)
{
    (void)unused;
    leash_generator_t generator = leash_generator(yield_holding, &handed_over);
    leash_next(generator, NULL);
    leash_sleep(3600);
    return leash_generator_close(generator);
}

static int held_by(leash_fn_t holder)
{
    handed_over = start();
    leash_task_daemon(leash_create_task(leash_coro(holder, NULL)));
    return leash_sleep(1);
}

static int local_of_a_coroutine(void *unused)
{
    (void)unused;
    return held_by(hold_in_a_local);
}

static int saved_register(void *unused)
{
    (void)unused;
    return held_by(hold_in_a_register);
}

static int deep_frame(void *unused)
{
    (void)unused;
    return held_by(hold_deep_below);
}

static int inline_body(void *unused)
{
    (void)unused;
    return held_by(hold_in_an_inline_body);
}

static int generators_frame(void *unused)
{
    (void)unused;
    return held_by(hold_in_a_generator);
}

static int start_into(void *place)
{
    *(leash_task_t *)place = start();
    return leash_sleep(1);
}

static int frame_below_the_loop(void)
{
    leash_task_t held = NULL;
    int rc = leash_run(leash_coro(start_into, &held));
    keep(&held);
    return rc < 0;
}

CASES(CASE(local_of_a_coroutine), CASE(saved_register), CASE(deep_frame), CASE(inline_body), CASE(generators_frame),
      PLAIN_CASE(frame_below_the_loop))
