/* Looking for leaks on demand, and printing what every task does. */
#ifndef LEASH_SCAN_H
#define LEASH_SCAN_H

#include <leash/site.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct leash_scan_result {
    int complete;        /* 0: nothing may be concluded; `reason` says why */
    const char *reason;  /* "" when complete; valid until this thread's next scan */
    unsigned candidates; /* unfinished tasks with an unsettled claim that nobody waits for */
    unsigned lost;       /* of them, those with no live reference found */
    unsigned long long bytes;
    unsigned long long pause_ns;
};
/* Searches this program's live memory for the handles of this thread's loop's tasks. What stands on the stack of a
 * task, or in what only its argument leads to, keeps another task no better than that task is kept itself. Where
 * libleash_malloc is in the program (`leash run --heap`, or linked with it), a block of malloc counts only if something
 * live points to it: at a multiple of four bytes, and as it is (a pointer that is stored XORed or split is not seen).
 * Returns how many are lost (0 if incomplete), fills *out unless NULL; -EPERM no running loop on this thread, -ENOMEM.
 * Never suspends; pauses the thread.
 *
 * All other threads stand still meanwhile, traced (ptrace(2)) by a process that is made for it and ends with it: their
 * registers and stacks are searched too. Their sleeps and reads go on as if nothing had been; only what the kernel
 * never restarts, epoll_wait and receiving with a timeout (signal(7)), may fail with EINTR. Incomplete where that is
 * refused: by a debugger that traces them already, by Yama (ptrace_scope 2 and 3; with 1 the program names itself as
 * the one that may, PR_SET_PTRACER, and nobody afterwards), seccomp, a process that is not dumpable; or if a thread
 * does not stop within 200 ms. Also under AddressSanitizer, ThreadSanitizer and Valgrind.
 *
 * Where it is refused, `stop_signal` of struct leash_options stops them instead: they stand in its handler, on their
 * alternate stack if they have one, and every signal waits. Their sleeps and polls then end early, with EINTR whatever
 * SA_RESTART says (signal(7)), and what they held in registers stays below on their stacks, where a later scan may take
 * it for live. The number must be one that nothing else of the program handles, sends, waits for or blocks, in any
 * thread; incomplete where it does. It is at its default again afterwards; unless a thread did not take it within 200
 * ms: then its handler stays until that one has. A debugger has to let it pass (gdb: handle SIG40 nostop noprint pass).
 * Threads of this library take it if they were started after a loop with that option.
 *
 * The same is done at the end of leash_run, and, while somebody records, when a loop has nothing to do: see `scan` of
 * struct leash_options. Where such a program has much memory (16 MB and more beside its tasks' stacks) a snapshot of it
 * is searched while it goes on: it pauses for a fork, and what is found is told when the search is over.
 *
 * What searches is a process of its own that shares this one's memory, or has the snapshot: a child that wait(2) does
 * not see, and that sends no SIGCHLD. Where none can be made (seccomp) this thread searches, and takes four times as
 * long. */
LEASH_API int leash_scan(struct leash_scan_result *out);

/* Wipes the program's slot: sets a variable that holds a handle to NULL, in a way that no compiler leaves out. For
 * handles that the program is done with where it does not write over them: an entry that was taken from a container, a
 * field of a struct that goes back to a pool. What stays there counts as a live reference, and hides that the task is
 * lost: a scan cannot tell the slack of a container, and what lies beyond its last entry, from what the program still
 * reads. Settles nothing and drops no claim. `slot`: the address of a leash_task_t, leash_future_t or leash_coro_t.
 * Any thread. Never fails. */
#define leash_forget(slot) leash__forget((void *)(slot), sizeof(*(slot)))
LEASH_API void leash__forget(void *slot, size_t size);

/* Prints every unfinished task of this thread's loop: name, what it waits for and where, and the stack that it will go
 * on on, innermost frame first, without this library's own frames; on stderr if `to` is NULL. Looks into the program's
 * files for names: the first time that takes a while.
 * Not async-signal-safe; callable from a debugger. */
LEASH_API void leash_dump(FILE *to);

#ifdef __cplusplus
}
#endif
#endif
