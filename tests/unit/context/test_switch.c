/* The switch: what a context finds again after others ran. */
#include "test.h"

#include <fenv.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

#include "pool.h"

static void count_and_pause(struct side *side, void *argument)
{
    int *count = argument;
    for (int i = 0; i < 3; i++) {
        ++*count;
        side_pause(side);
    }
}

static void test_body_runs_between_pauses(void **state)
{
    struct side *side = *state;
    int count = 0;
    assert_true(side_start(side, count_and_pause, &count));
    assert_int_equal(count, 1);
    side_go_on(side);
    assert_int_equal(count, 2);
    side_go_on(side);
    assert_int_equal(count, 3);
    side_go_on(side); /* the body returns */
    side_free_context(side);
}

static void note_running(struct side *side, void *argument)
{
    struct leash__context **seen = argument;
    seen[0] = leash__context_running;
    side_pause(side);
    seen[1] = leash__context_running;
}

static void test_running_context_is_known(void **state)
{
    struct side *side = *state;
    struct leash__context *seen[2] = {NULL, NULL};
    assert_null(leash__context_running);
    assert_true(side_start(side, note_running, seen));
    assert_null(leash__context_running);
    side_go_on(side);
    assert_null(leash__context_running);
    assert_ptr_equal(seen[0], &side->context);
    assert_ptr_equal(seen[1], &side->context);
    side_free_context(side);
}

/* Aligned moves (movaps) of a variable that the compiler believes to be aligned fault if the entry's stack was not. */
static void note_alignment(struct side *side, void *argument)
{
    (void)side;
    _Alignas(16) volatile char here[16];
    here[0] = 0;
    *(uintptr_t *)argument = (uintptr_t)__builtin_frame_address(0) % 16 | (uintptr_t)&here[0] % 16;
}

static void test_stack_is_aligned(void **state)
{
    struct side *side = *state;
    for (int i = 0; i < 40; i++) {
        uintptr_t offset = 1;
        assert_true(side_start(side, note_alignment, &offset));
        assert_int_equal(offset, 0);
        side_free_context(side);
    }
}

static void keep_two_rounds(struct side *side, void *argument)
{
    int *changed = argument;
    *changed = keep_registers(&side->context, &side->thread, 1000000);
    *changed += keep_registers(&side->context, &side->thread, 2000000);
}

static void test_registers_are_kept(void **state)
{
    struct side *first = *state;
    struct side second = {.stacks = first->stacks};
    int changed[2] = {-1, -1}, mine = 0;
    assert_true(side_start(first, keep_two_rounds, &changed[0]));
    assert_true(side_start(&second, keep_two_rounds, &changed[1]));
    for (long i = 0; i < 2; i++) {
        mine += keep_registers(&first->thread, &first->context, i * 10000);
        mine += keep_registers(&second.thread, &second.context, -i * 10000);
    }
    assert_int_equal(mine, 0);
    assert_int_equal(changed[0], 0);
    assert_int_equal(changed[1], 0);
    side_free_context(first);
    side_free_context(&second);
}

static void round_upward(struct side *side, void *argument)
{
    int *seen = argument;
    seen[0] = fegetround();
    fesetround(FE_UPWARD);
    side_pause(side);
    seen[1] = fegetround();
    side_pause(side);
    seen[2] = fegetround();
}

static void test_rounding_is_kept_a_context(void **state)
{
    struct side *side = *state;
    int seen[3] = {-1, -1, -1};
    assert_true(side_start(side, round_upward, seen));
    int after_first = fegetround();
    fesetround(FE_DOWNWARD);
    side_go_on(side);
    int after_second = fegetround();
    fesetround(FE_TONEAREST);
    side_go_on(side);
    int after_exit = fegetround();
    assert_int_equal(seen[0], FE_TONEAREST); /* the pool's thread had it when the pool was made */
    assert_int_equal(after_first, FE_TONEAREST);
    assert_int_equal(seen[1], FE_UPWARD);
    assert_int_equal(after_second, FE_DOWNWARD);
    assert_int_equal(seen[2], FE_UPWARD);
    assert_int_equal(after_exit, FE_TONEAREST);
    side_free_context(side);
}

#if defined(__x86_64__)
static uint32_t mxcsr(void)
{
    uint32_t word;
    __asm__ volatile("stmxcsr %0" : "=m"(word));
    return word & 0xffc0; /* without the flags that say what happened */
}

static void round_sse_upward(struct side *side, void *argument)
{
    uint32_t *seen = argument, upward = 0x5f80; /* else the default */
    seen[0] = mxcsr();
    __asm__ volatile("ldmxcsr %0" : : "m"(upward));
    side_pause(side);
    seen[1] = mxcsr();
}

static void test_mxcsr_is_kept_a_context(void **state)
{
    struct side *side = *state;
    uint32_t seen[2] = {0, 0}, mine[2];
    assert_true(side_start(side, round_sse_upward, seen));
    mine[0] = mxcsr();
    side_go_on(side);
    mine[1] = mxcsr();
    assert_int_equal(seen[0], 0x1f80);
    assert_int_equal(mine[0], 0x1f80);
    assert_int_equal(seen[1], 0x5f80);
    assert_int_equal(mine[1], 0x1f80);
    side_free_context(side);
}

static void round_x87_upward(struct side *side, void *argument)
{
    uint16_t *seen = argument, upward = 0x0b7f; /* else the default */
    __asm__ volatile("fldcw %0" : : "m"(upward));
    side_pause(side);
    __asm__ volatile("fnstcw %0" : "=m"(seen[0]));
}

static void test_x87_rounding_is_kept_a_context(void **state)
{
    struct side *side = *state;
    uint16_t seen[1] = {0}, mine = 0;
    assert_true(side_start(side, round_x87_upward, seen));
    __asm__ volatile("fnstcw %0" : "=m"(mine));
    side_go_on(side);
    assert_int_equal(mine, 0x037f);
    assert_int_equal(seen[0], 0x0b7f);
    side_free_context(side);
}
#endif

static void test_pool_hands_on_its_threads_rounding(void **state)
{
    (void)state;
    struct side side = {0};
    int seen[3] = {-1, -1, -1};
    fesetround(FE_TOWARDZERO);
    int rc = leash__stacks_new(&side.stacks, 0);
    fesetround(FE_TONEAREST);
    assert_int_equal(rc, 0);
    assert_true(side_start(&side, round_upward, seen));
    assert_int_equal(seen[0], FE_TOWARDZERO);
    assert_int_equal(fegetround(), FE_TONEAREST);
    side_free_context(&side);
    leash__stacks_free(side.stacks);
}

static void test_fresh_context_has_no_registers(void **state)
{
    struct side *side = *state;
    struct leash__registers registers;
    assert_int_equal(leash__context_new(&side->context, side->stacks, NULL, NULL), 0);
    assert_false(leash__context_registers(&side->context, &registers));
    leash__context_free(&side->context, side->stacks);
}

struct walk {
    int frames, end;
};

static _Unwind_Reason_Code count_frame(struct _Unwind_Context *frame, void *argument)
{
    (void)frame;
    return ++((struct walk *)argument)->frames < 100 ? _URC_NO_REASON : _URC_NORMAL_STOP;
}

static void walk_up(struct side *side, void *argument)
{
    (void)side;
    struct walk *walk = argument;
    walk->end = (int)_Unwind_Backtrace(count_frame, walk);
}

static void test_compilers_unwinder_ends_at_the_trampoline(void **state)
{
    struct side *side = *state;
    struct walk walk = {0, -1};
    assert_true(side_start(side, walk_up, &walk));
    side_free_context(side);
    assert_int_equal(walk.end, (int)_URC_END_OF_STACK);
    assert_in_range(walk.frames, 2, 8);
}

static void pause_with_frame(struct side *side, void *argument)
{
    *(const char **)argument = __builtin_frame_address(0);
    side_pause(side);
}

static void test_live_part_holds_the_frames(void **state)
{
    struct side *side = *state;
    const char *frame = NULL, *low, *high, *bottom, *top;
    struct leash__registers registers;
    assert_true(side_start(side, pause_with_frame, &frame));
    leash__context_live(&side->context, &low, &high);
    leash__context_bounds(&side->context, &bottom, &top);
    assert_true(low <= frame && frame < high);
    assert_true(bottom <= low && high <= top);
    assert_true(high - low < 8192);
    assert_true(leash__context_registers(&side->context, &registers));
    assert_true((uintptr_t)low < registers.sp && registers.sp < (uintptr_t)high);
    leash__context_live(&side->thread, &low, &high);
    assert_null(low);
    side_go_on(side);
    side_free_context(side);
}

static void test_suspended_context_may_be_freed(void **state)
{
    struct side *side = *state;
    int count = 0;
    for (int i = 0; i < 100; i++) {
        assert_true(side_start(side, count_and_pause, &count));
        side_free_context(side);
    }
    assert_int_equal(count, 100);
}

/* A ring of contexts, each of which continues the next without the thread in between. */
enum { RING = 50, ROUNDS = 20 };
static struct leash__context ring[RING], ring_thread;
static int ring_count;

static void ring_body(void *argument)
{
    int me = (int)(intptr_t)argument, next = (me + 1) % RING;
    for (int i = 0; i < ROUNDS; i++) {
        ring_count++;
        leash__context_switch(&ring[me], &ring[next]);
    }
    leash__context_exit(&ring[me], me == RING - 1 ? &ring_thread : &ring[next]);
}

static void test_contexts_switch_to_each_other(void **state)
{
    struct side *side = *state;
    ring_count = 0;
    leash__context_of_thread(&ring_thread);
    for (int i = 0; i < RING; i++)
        assert_int_equal(leash__context_new(&ring[i], side->stacks, ring_body, (void *)(intptr_t)i), 0);
    leash__context_switch(&ring_thread, &ring[0]);
    assert_int_equal(ring_count, RING * ROUNDS);
    for (int i = 0; i < RING; i++)
        leash__context_free(&ring[i], side->stacks);
    leash__context_of_thread_end(&ring_thread);
}

static void *switch_in_a_thread(void *argument)
{
    int *sum = argument;
    struct side side = {0};
    if (leash__stacks_new(&side.stacks, 64 * 1024) < 0)
        return NULL;
    for (int i = 0; i < 100; i++) {
        if (!side_start(&side, count_and_pause, sum))
            break;
        for (int j = 0; j < 3; j++)
            side_go_on(&side);
        side_free_context(&side);
    }
    leash__stacks_free(side.stacks);
    return NULL;
}

static void test_each_thread_has_its_own(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    int sums[THREADS] = {0};
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, switch_in_a_thread, &sums[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(sums[i], 300);
}

static void use_deep(struct side *side, void *argument)
{
    size_t size = *(size_t *)argument;
    volatile char *memory = __builtin_alloca(size);
    for (size_t i = 0; i < size; i += 512)
        memory[i] = (char)i;
    side_pause(side);
    for (size_t i = 0; i < size; i += 512)
        *(size_t *)argument -= memory[i] == (char)i ? 512 : 0;
}

static void test_usable_bytes_are_usable(void **state)
{
    struct side *side = *state;
    size_t frames = 3 * 1024; /* those around it; ASan makes them large */
    size_t size = (leash__stacks_usable(side->stacks) - frames) & ~(size_t)511;
    assert_true(leash__stacks_usable(side->stacks) > 58 * 1024);
    for (int i = 0; i < 20; i++) {
        size_t left = size;
        assert_true(side_start(side, use_deep, &left));
        side_go_on(side);
        assert_int_equal(left, 0);
        side_free_context(side);
    }
}

int main(void)
{
#define IN_POOL(test) cmocka_unit_test_setup_teardown(test, side_setup, side_teardown)
    const struct CMUnitTest tests[] = {
        IN_POOL(test_body_runs_between_pauses),
        IN_POOL(test_running_context_is_known),
        IN_POOL(test_stack_is_aligned),
        IN_POOL(test_registers_are_kept),
        IN_POOL(test_rounding_is_kept_a_context),
#if defined(__x86_64__)
        IN_POOL(test_mxcsr_is_kept_a_context),
        IN_POOL(test_x87_rounding_is_kept_a_context),
#endif
        cmocka_unit_test(test_pool_hands_on_its_threads_rounding),
        IN_POOL(test_fresh_context_has_no_registers),
        IN_POOL(test_compilers_unwinder_ends_at_the_trampoline),
        IN_POOL(test_live_part_holds_the_frames),
        IN_POOL(test_suspended_context_may_be_freed),
        IN_POOL(test_contexts_switch_to_each_other),
        cmocka_unit_test(test_each_thread_has_its_own),
        IN_POOL(test_usable_bytes_are_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
