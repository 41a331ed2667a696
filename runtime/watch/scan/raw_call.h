/* System calls without libc: no errno, no cancellation, nothing of the thread's. For code that shares its memory, and
 * its thread-local storage, with a thread that runs beside it. */
#ifndef LEASH_WATCH_RAW_CALL_H
#define LEASH_WATCH_RAW_CALL_H

#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

/* What the kernel says: a negative errno on failure. */
static inline long leash__raw_call(long number, long a, long b, long c, long d, long e, long f)
{
#if defined(__x86_64__)
    long rc;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(rc)
                     : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return rc;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
#else
#error "leash: no system calls for this processor"
#endif
}

#define LEASH__RAW_CALL(number, a, b, c, d) leash__raw_call(number, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)

static inline uint64_t leash__raw_clock_ns(void)
{
    struct timespec now = {0, 0};
    LEASH__RAW_CALL(SYS_clock_gettime, CLOCK_MONOTONIC, &now, 0, 0);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline void leash__raw_nap(long ns)
{
    struct timespec time = {0, ns};
    LEASH__RAW_CALL(SYS_nanosleep, &time, 0, 0, 0);
}

#endif
