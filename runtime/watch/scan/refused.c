#include "refused.h"

#include <errno.h>
#include <stdio.h>

#define REMEDY "; a signal could (LEASH_OPTIONS=stop_signal=N), which cuts their sleeps short"

static __thread char text[160];

static const char *words(const char *format, int first, int second)
{
    snprintf(text, sizeof text, format, first, second);
    return text;
}

const char *leash__scan_refused(int error, int stop_signal, pid_t late)
{
    switch (error) {
    case -ENOMEM:
        return "no memory to scan with";
    case -EACCES:
        return "the kernel lets this process read its memory neither with process_vm_readv nor in /proc/self/mem";
    case -EPERM:
        return stop_signal ? "other threads run, and the kernel lets nobody stop them, nor send them a signal"
                           : "other threads run, and the kernel lets nobody stop them: a debugger traces them, or "
                             "ptrace is forbidden" REMEDY;
    case -EAGAIN:
        return "other threads run, and no process can be started that stops them" REMEDY;
    case -EXDEV:
        return "a child has not all of the program's memory (MADV_DONTFORK, or shared mappings)";
    case -EBUSY:
        return "other threads were in the middle of malloc";
    case -ECHILD:
        return "the process that searched was killed";
    case -ETIMEDOUT:
        return late ? words("thread %d did not stop in time", late, 0) : "another thread did not stop in time";
    case -ECONNREFUSED:
        return words("thread %d blocks signal %d, which is to stop it (stop_signal)", late, stop_signal);
    case -EADDRINUSE:
        return words("other threads run, and signal %d (stop_signal) cannot stop them: it is handled already",
                     stop_signal, 0);
    case -EINVAL:
        return words("other threads run, and %d (stop_signal) is no real-time signal that could stop them", stop_signal,
                     0);
    case -ECANCELED:
        return "other threads went on in the middle, as the process that stopped them was killed";
    default:
        return "/proc/self/maps or /proc/self/task cannot be read";
    }
}
