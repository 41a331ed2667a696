/* What the switch saves on a stack, lowest address first. The assembly knows these offsets. Private to context/. */
#ifndef LEASH_CONTEXT_SAVED_H
#define LEASH_CONTEXT_SAVED_H

#include <stdint.h>
#include <string.h>

struct leash__context;

#if defined(__x86_64__)

struct leash__saved {
    uint64_t float_control; /* mxcsr, then the x87 control word */
    uint64_t r15, r14, r13, r12, rbx, rbp;
    uint64_t pc;
};
_Static_assert(sizeof(struct leash__saved) == 64, "switch_x86_64.S pushes eight words");

/* The float control words of the running thread, as a frame holds them. */
static inline uint64_t leash__float_control(void)
{
    uint32_t mxcsr;
    uint16_t x87;
    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    __asm__ volatile("fnstcw %0" : "=m"(x87));
    return mxcsr | (uint64_t)x87 << 32;
}

static inline void leash__saved_registers(const struct leash__saved *frame, uintptr_t *fp, uintptr_t callee_saved[12])
{
    *fp = frame->rbp;
    callee_saved[0] = frame->rbx;
    callee_saved[1] = frame->r12;
    callee_saved[2] = frame->r13;
    callee_saved[3] = frame->r14;
    callee_saved[4] = frame->r15;
}

#elif defined(__aarch64__)

struct leash__saved {
    uint64_t x[10];         /* x19 to x28 */
    uint64_t fp, pc;        /* x29, x30 */
    uint64_t d[8];          /* d8 to d15, the halves that a callee keeps */
    uint64_t float_control; /* fpcr */
    uint64_t unused;        /* sp stays 16-aligned */
};
_Static_assert(sizeof(struct leash__saved) == 176, "switch_aarch64.S stores 22 words");

static inline uint64_t leash__float_control(void)
{
    uint64_t fpcr;
    __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
    return fpcr;
}

static inline void leash__saved_registers(const struct leash__saved *frame, uintptr_t *fp, uintptr_t callee_saved[12])
{
    *fp = frame->fp;
    for (int i = 0; i < 10; i++)
        callee_saved[i] = frame->x[i];
}

#else
#error "leash switches contexts on x86-64 and aarch64 only"
#endif

/* Saves a frame of the running context, notes its address in *from_sp, and continues the frame at to_sp;
 * leash__context_running becomes `running` once no more is written to the stack that is left. */
void leash__switch(void **from_sp, void *to_sp, struct leash__context *running);
/* The same without the saving, for a context that ended. */
void leash__jump(void *to_sp, struct leash__context *running) __attribute__((noreturn));
/* Where a new context begins: calls function(argument, extra) out of the registers that leash__saved_begin fills. Its
 * unwind information says that nothing called it. Only its address is used. */
void leash__trampoline(void);

/* Fills a new frame so that the first switch to it calls function(argument, extra). */
static inline void leash__saved_begin(struct leash__saved *frame, void (*function)(void), void *argument, void *extra,
                                      uint64_t float_control)
{
    memset(frame, 0, sizeof(*frame));
    frame->float_control = float_control;
    frame->pc = (uint64_t)(uintptr_t)&leash__trampoline;
#if defined(__x86_64__)
    frame->r12 = (uint64_t)(uintptr_t)function;
    frame->r13 = (uint64_t)(uintptr_t)argument;
    frame->r14 = (uint64_t)(uintptr_t)extra;
#else
    frame->x[0] = (uint64_t)(uintptr_t)function;
    frame->x[1] = (uint64_t)(uintptr_t)argument;
    frame->x[2] = (uint64_t)(uintptr_t)extra;
#endif
}

#endif
