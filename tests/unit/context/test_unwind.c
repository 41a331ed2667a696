/* Unwinding a context that does not run: libunwind starts from its saved registers and ends at the trampoline. */
#include "test.h"

#define UNW_LOCAL_ONLY
#include <libunwind.h>
#include <string.h>
#include <ucontext.h>

#include "pool.h"

enum { FRAMES = 32 };

static void fill(ucontext_t *out, const struct leash__registers *registers)
{
    memset(out, 0, sizeof(*out));
#if defined(__x86_64__)
    static const int callee_saved[] = {REG_RBX, REG_R12, REG_R13, REG_R14, REG_R15};
    greg_t *to = out->uc_mcontext.gregs;
    for (int i = 0; i < 5; i++)
        to[callee_saved[i]] = (greg_t)registers->callee_saved[i];
    to[REG_RBP] = (greg_t)registers->fp;
    to[REG_RSP] = (greg_t)registers->sp;
    to[REG_RIP] = (greg_t)registers->pc;
#else
    for (int i = 0; i < 10; i++)
        out->uc_mcontext.regs[19 + i] = registers->callee_saved[i];
    out->uc_mcontext.regs[29] = registers->fp;
    out->uc_mcontext.sp = registers->sp;
    out->uc_mcontext.pc = registers->pc;
#endif
}

/* Fills pcs, from the innermost frame outward; returns how many there are, and in *last how the last step answered. */
static int unwind(const struct leash__context *context, uintptr_t pcs[FRAMES], int *last)
{
    struct leash__registers registers;
    ucontext_t saved;
    unw_cursor_t cursor;
    *last = -1000;
    if (!leash__context_registers(context, &registers))
        return 0;
    fill(&saved, &registers);
    if (unw_init_local2(&cursor, (unw_context_t *)&saved, 0) < 0)
        return 0;
    int count = 0;
    do {
        unw_word_t pc = 0;
        unw_get_reg(&cursor, UNW_REG_IP, &pc);
        pcs[count++] = (uintptr_t)pc;
    } while (count < FRAMES && (*last = unw_step(&cursor)) > 0);
    return count;
}

static bool is_in(uintptr_t pc, const char *function)
{
    char name[128] = "";
    unw_word_t offset;
    unw_cursor_t cursor;
    unw_context_t here;
    unw_getcontext(&here);
    unw_init_local(&cursor, &here);
    unw_set_reg(&cursor, UNW_REG_IP, pc);
    return unw_get_proc_name(&cursor, name, sizeof(name), &offset) == 0 && strcmp(name, function) == 0;
}

static __attribute__((noinline)) void inner_of_unwound(struct side *side)
{
    side_pause(side);
    __asm__ volatile("" ::: "memory");
}

static __attribute__((noinline)) void middle_of_unwound(struct side *side)
{
    inner_of_unwound(side);
    __asm__ volatile("" ::: "memory");
}

static void body_of_unwound(struct side *side, void *argument)
{
    (void)argument;
    middle_of_unwound(side);
    __asm__ volatile("" ::: "memory");
}

static void test_walk_ends_at_the_trampoline(void **state)
{
    struct side *side = *state;
    uintptr_t pcs[FRAMES];
    int last, count, found = 0;
    assert_true(side_start(side, body_of_unwound, NULL));
    count = unwind(&side->context, pcs, &last);
    side_go_on(side);
    side_free_context(side);
    static const char *const names[] = {"inner_of_unwound", "middle_of_unwound", "body_of_unwound"};
    for (int i = 0; i < count && found < 3; i++)
        found += is_in(pcs[i], names[found]);
    assert_int_equal(found, 3);
    assert_int_equal(last, 0); /* an end, not an error */
    assert_in_range(count, 5, 10);
    assert_true(is_in(pcs[count - 1], "leash__trampoline"));
}

static int depth_from_inside;

static void walk_inside(struct side *side, void *argument)
{
    (void)side;
    (void)argument;
    void *frames[FRAMES];
    depth_from_inside = unw_backtrace(frames, FRAMES);
}

static void test_walk_from_inside_ends_too(void **state)
{
    struct side *side = *state;
    depth_from_inside = 0;
    assert_true(side_start(side, walk_inside, NULL));
    side_free_context(side);
    assert_in_range(depth_from_inside, 2, 8);
}

int main(void)
{
#define IN_POOL(test) cmocka_unit_test_setup_teardown(test, side_setup, side_teardown)
    const struct CMUnitTest tests[] = {
        IN_POOL(test_walk_ends_at_the_trampoline),
        IN_POOL(test_walk_from_inside_ends_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
