/* System calls without libc: no errno, no cancellation, nothing of the thread's. For code that shares its memory, and
 * its thread-local storage, with a thread that runs beside it. */
#ifndef LEASH_WATCH_RAW_CALL_H
#define LEASH_WATCH_RAW_CALL_H

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

#endif
