/* The contract between the two halves: event kinds, states, versions, the spool's layout. The only header that the
 * runtime and the inspector both include (beside traces/fold, which reads what is laid down here). FORMAT.md explains
 * every field; a change here moves LEASH_SPOOL_VERSION, a change of schema.sql moves LEASH_SCHEMA_VERSION. */
#ifndef LEASH_TRACE_FORMAT_H
#define LEASH_TRACE_FORMAT_H

#include <stdint.h>

#define LEASH_APPLICATION_ID 0x4c454153 /* "LEAS", PRAGMA application_id */
#define LEASH_SCHEMA_VERSION 2          /* PRAGMA user_version */
#define LEASH_SPOOL_VERSION  2
#define LEASH_SPOOL_SUFFIX   "-spool" /* the spool of T.db is T.db-spool */

/* ---- events -------------------------------------------------------------------------------------------------------
 *
 * A slot is 24 bytes, three little-endian words:
 *     word 0   generation:24 | kind:8 | site:32      (generation in the top bits; written last, release)
 *     word 1   a:40 | c's upper 24 bits              (a in the top bits)
 *     word 2   b:40 | c's lower 24 bits
 * a and b are ids (40 bits), c is a third id, a pointer, or, for kinds marked T, the time: nanoseconds since the
 * segment's base_ns on the loop's clock (48 bits). A kind without a time happened at the last time of its thread.
 * A kind marked X carries text: c is its length in bytes, and the text follows in ceil(c/16) slots of kind TEXT (words
 * 1 and 2 are the bytes); record and text lie in one segment.
 * Offsets count from the module's load base, as addresses in the ELF file do. A frame of a stack is the call that it
 * is in: the return address less one.
 *
 *   kind             flags  a, b, c
 */
/* clang-format off */
#define LEASH_EVENT_KINDS(X)                                                                                        \
    X(PAD, 0, "nothing more in this segment")                                                                       \
    X(TEXT, 0, "16 bytes of the text of the record before")                                                         \
    X(DEF_SITE, X_, "a site, b line; text file\\0func\\0expr\\0")                                                   \
    X(DEF_MODULE, X_, "a module, b load size; text path\\0build-id in hex\\0load base in hex\\0")                   \
    X(DEF_STACK, X_, "a stack, b depth; text: a slot a frame, innermost first: u64 module, u64 offset")             \
    X(DEF_THREAD, X_, "a thread, b kernel's tid; text name")                                                        \
    X(CORO, 0, "a coroutine made, b creator task or 0, c argument; site")                                           \
    X(CORO_FN, 0, "a coroutine, b module, c offset: its function, where the site's text does not name it")          \
    X(TASK, 0, "a task made, b its coroutine, c creator task or 0; site")                                           \
    X(STACK, 0, "a subject, b stack, c enum leash_subject: the stack at its creation")                              \
    X(FUTURE, 0, "a future made, b creator task or 0; site")                                                        \
    X(OBJECT, 0, "a object made, b enum leash_object_kind, c creator task or 0; site")                                   \
    X(NAME, X_, "a subject, b enum leash_subject; text name")                                                       \
    X(CHILD, 0, "a object, b member, c enum leash_subject of the member: gather, wait, shield to member")           \
    X(START, 0, "a task runs for the first time, b loop")                                                           \
    X(AWAIT_TASK, T_, "a task waits, b task; site")                                                                 \
    X(AWAIT_FUTURE, T_, "a task waits, b future; site")                                                             \
    X(AWAIT_OBJECT, T_, "a task waits, b object; site")                                                             \
    X(AWAIT_SLEEP, T_, "a task waits, b microseconds; site")                                                        \
    X(AWAIT_CORO, T_, "a task runs a coroutine inline, b coroutine; site")                                          \
    X(WAKE, T_, "a task, b -code: its wait is over though nothing that it waited for finished")                     \
    X(RETURN, T_, "a inline coroutine ended, b -code")                                                              \
    X(FAILURE, X_, "a subject about to fail, b enum leash_subject; site of leash_fail or 0; text message")          \
    X(DONE, T_, "a task ended well, b code")                                                                        \
    X(FAILED, T_, "a task failed, b -code")                                                                         \
    X(CANCELLED, T_, "a task ended cancelled")                                                                      \
    X(FUTURE_DONE, T_, "a future ended well")                                                                       \
    X(FUTURE_FAILED, T_, "a future failed, b -code")                                                                \
    X(FUTURE_CANCELLED, T_, "a future ended cancelled")                                                             \
    X(OBJECT_DONE, T_, "a object over, b -code")                                                                    \
    X(CANCEL_TASK, T_, "a task asked to end, b by task (0: a callback); site")                                      \
    X(CANCEL_FUTURE, T_, "a future cancelled, b by task; site")                                                     \
    X(CANCEL_TIMEOUT, T_, "a task asked to end by timeout scope b")                                                 \
    X(CANCEL_CLEANUP, T_, "a task asked to end by the clean-up after main; b loop")                                 \
    X(CANCEL_MESSAGE, X_, "a subject, b enum leash_subject; text message of the cancellation just before")          \
    X(DELIVERED, T_, "a task got its cancellation")                                                                 \
    X(UNCANCEL, T_, "a task, b requests that remain")                                                               \
    X(CLAIM, 0, "a subject, b enum leash_claim, c enum leash_subject; site")                                        \
    X(JUDGED, 0, "a subject, b enum leash_subject, c LEASH_FACT_ bits: what was true of it at the end")             \
    X(LOOP_BEGIN, T_, "a loop, b main's task; site of leash_run")                                                   \
    X(LOOP_MAIN_ENDED, T_, "a loop, b -code of main (0 if it ended well)")                                          \
    X(LOOP_END, T_, "a loop, b enum leash_loop_end")                                                                \
    X(SCAN, T_, "a scan, b candidates")                                                                             \
    X(SCAN_END, X_, "a scan, b enum leash_scan_end; text: bytes searched and pause in ns, two u64")                 \
    X(LOST, T_, "a task of which scan b found no live reference")                                                   \
    X(HELD, T_, "a task of which scan b found a live reference")                                                    \
    X(MISUSE, X_, "a task or 0, b enum leash_misuse; site; text message[\\0stack of the call, in hex\\0]")            \
    X(RESUME, T_, "a task runs (level steps)")                                                                      \
    X(SUSPEND, T_, "a task stops running (level steps)")                                                            \
    X(LIMIT, 0, "a object, b how much it takes: a queue's size, a semaphore's value, a barrier's parties")          \
    X(ACQUIRED, T_, "a task holds b object from now on; site")                                                      \
    X(RELEASED, T_, "a task (0: none) holds b object no longer; site")                                              \
    X(SET, T_, "a event set, b by task or 0; site")                                                                 \
    X(CLEARED, T_, "a event cleared, b by task or 0; site")                                                         \
    X(NOTIFIED, T_, "a condition's waiters woken, b by task or 0; site; a signal that came")                        \
    X(PUT, T_, "a queue got an item, b of task or 0; site (level steps)")                                           \
    X(GOT, T_, "a queue gave an item, b to task or 0; site (level steps)")                                          \
    X(SHUT, T_, "a queue shut down, a barrier broken, b by task or 0; site")                                        \
    X(TEST_BEGIN, X_, "a test scope opened, b the one around it or 0; site; text name")                             \
    X(TEST_END, T_, "a test scope ended, b leaks that it reported")                                                 \
    X(TEST_MEMBER, 0, "a subject made in b test scope, c enum leash_subject")                                       \
    X(STOOD, 0, "a task, b stack: where it was when it was judged pending")                                         \
    X(BLOCK, T_, "a block, b loop: a step or an iteration lasts too long")                                          \
    X(BLOCK_OF, 0, "a block, b task that runs or 0, c stack or 0")                                                  \
    X(BLOCK_FOR, 0, "a block, b microseconds that it has lasted when it was noticed, c LEASH_BLOCK_ bits")          \
    X(BLOCK_LATE, 0, "a block, b task that was kept waiting, c how many were in all")                               \
    X(BLOCK_END, T_, "a block, b microseconds that it lasted")                                                      \
    X(KEPT, 0, "a task that was found LOST just before, b task, lost too, whose own memory alone refers to it")     \
    X(CANCEL_AWAITED, T_, "a task asked to end since task b, which waits for it, is (0: a gather)")                 \
    X(DEADLOCK, T_, "a deadlock, b enum leash_deadlock")                                                            \
    X(DEADLOCK_TASK, 0, "a deadlock, b task, c place in the cycle, 0: behind it; site where it acquired what is waited for")\
    X(DEADLOCK_OVER, T_, "a deadlock, b enum leash_deadlock_end")                                                   \
    X(FIRST_USE, 0, "a object, b stack: of its first use, where nobody knows how it was made")
/* clang-format on */

#define LEASH_EVENT_TIMED 1
#define LEASH_EVENT_TEXT  2

/* Values start at 1: a slot of zeroes is no event. */
enum leash_event_kind {
    LEASH_EV_NONE,
#define X(name, flags, doc) LEASH_EV_##name,
    LEASH_EVENT_KINDS(X)
#undef X
        LEASH_EV_COUNT
};

enum leash_subject {
    LEASH_SUBJECT_NONE,
    LEASH_SUBJECT_TASK,
    LEASH_SUBJECT_CORO,
    LEASH_SUBJECT_FUTURE,
    LEASH_SUBJECT_OBJECT
};

/* clang-format off */
#define LEASH_OBJECT_KINDS(X)                                                                                   \
    X(GATHER, "gather") X(WAIT, "wait") X(WAIT_FOR, "wait_for") X(SHIELD, "shield") X(AS_COMPLETED, "as_completed") \
    X(TIMEOUT, "timeout") X(LOCK, "lock") X(SEMAPHORE, "semaphore") X(EVENT, "event") X(CONDITION, "condition")     \
    X(BARRIER, "barrier") X(QUEUE, "queue") X(GROUP, "group") X(GENERATOR, "generator") X(DESCRIPTOR, "descriptor") \
    X(THREAD_JOB, "thread_job") X(PROCESS, "process") X(LOOKUP, "lookup") X(SIGNAL, "signal")
/* clang-format on */
enum leash_object_kind {
    LEASH_OBJECT_NONE,
#define X(name, text) LEASH_OBJECT_##name,
    LEASH_OBJECT_KINDS(X)
#undef X
        LEASH_OBJECT_COUNT
};

enum leash_claim {
    LEASH_CLAIM_REF = 1,
    LEASH_CLAIM_UNREF,
    LEASH_CLAIM_DETACH,
    LEASH_CLAIM_DAEMON,
    LEASH_CLAIM_SETTLED,
    LEASH_CLAIM_GIVEN,
    LEASH_CLAIM_CLOSED
};

enum leash_loop_end {
    LEASH_LOOP_COMPLETE = 1,
    LEASH_LOOP_DEADLOCK,
    LEASH_LOOP_EXITED,
    LEASH_LOOP_STUBBORN,
    LEASH_LOOP_INTERRUPTED
};

enum leash_deadlock {
    LEASH_DEADLOCK_CYCLE = 1,  /* tasks wait for each other */
    LEASH_DEADLOCK_STANDSTILL, /* nothing could happen any more */
    LEASH_DEADLOCK_OUTSIDE     /* nothing but what threads might do that nobody declared */
};

enum leash_deadlock_end {
    LEASH_DEADLOCK_CANCELLED = 1, /* one of the tasks was cancelled */
    LEASH_DEADLOCK_UNDONE         /* it came to an end by something else */
};

enum leash_scan_end {
    LEASH_SCAN_COMPLETE = 1,
    LEASH_SCAN_SANITIZER,
    LEASH_SCAN_UNREADABLE,
    LEASH_SCAN_THREADS,
    LEASH_SCAN_OFF
};

enum leash_misuse {
    LEASH_MISUSE_NO_LOOP = 1,
    LEASH_MISUSE_SELF_AWAIT,
    LEASH_MISUSE_AWAITED_TWICE,
    LEASH_MISUSE_WRONG_THREAD,
    LEASH_MISUSE_NULL_FUNCTION,
    LEASH_MISUSE_NESTED_RUN,
    LEASH_MISUSE_STALE,
    LEASH_MISUSE_INVALID,
    LEASH_MISUSE_STACK_OVERFLOW,
    LEASH_MISUSE_NOT_IN_TASK
};

/* What was true of a task, coroutine or future when its loop stopped, or when its cell went: column `facts`. */
#define LEASH_FACT_PENDING       0x1    /* unfinished when the loop stopped after main */
#define LEASH_FACT_CANCELLED     0x2    /* ... and the program itself had cancelled it */
#define LEASH_FACT_WAITED        0x4    /* ... and a task, gather, ... waited for it */
#define LEASH_FACT_CALLBACK      0x8    /* ... and it had a done callback */
#define LEASH_FACT_DAEMON        0x10   /* leash_task_daemon */
#define LEASH_FACT_DETACHED      0x20   /* leash_detach */
#define LEASH_FACT_UNSETTLED     0x40   /* its claim was never settled */
#define LEASH_FACT_UNRETRIEVED   0x80   /* it failed and nobody looked (asyncio's _log_traceback) */
#define LEASH_FACT_LOST          0x100  /* a complete scan found no live reference to it, and it was unfinished then */
#define LEASH_FACT_NEVER_AWAITED 0x200  /* a coroutine that nothing ever ran, closed or took */
#define LEASH_FACT_LOST_EARLIER  0x400  /* finished, but an earlier scan had found it lost */
#define LEASH_FACT_HOLDS         0x800  /* it ended and held a lock */
#define LEASH_FACT_HIDDEN        0x8000 /* it failed, the flag behind UNRETRIEVED was cleared, and no code received it */
#define LEASH_FACT_IGNORES                                                                                             \
    0x80000 /* it got a cancellation that the program asked for, waited on, and ended otherwise */
/* Of coroutines. The last two are the fold's own, of what one body awaited in turn though none seems to need another.
 */
#define LEASH_FACT_IN_GENERATOR 0x10000 /* awaited in a generator's body */
#define LEASH_FACT_TURN_FIRST   0x20000 /* the first of such a sequence */
#define LEASH_FACT_TURN         0x40000 /* one that follows */
/* What was true of an object. */
#define LEASH_FACT_LEFT_OPEN  0x1000 /* a generator neither exhausted nor closed; a descriptor that nobody closed */
#define LEASH_FACT_ITEMS_LEFT 0x2000 /* a queue with items that nobody took, or whose task_done is owed */
#define LEASH_FACT_SHORT      0x4000 /* a semaphore whose value was below what it began with */

/* Of a block. */
#define LEASH_BLOCK_ITERATION 0x1 /* many steps of one iteration; else one step */
#define LEASH_BLOCK_RUNNING   0x2 /* on the processor; else it waited in the kernel */

/* ---- the spool ----------------------------------------------------------------------------------------------------
 *
 * One header page, then segments. All little-endian. A reader trusts nothing: every number is checked against the
 * file's size first. FINDINGS: exactly-once protocol. */
#define LEASH_SPOOL_MAGIC       0x4c4f4f5053534c31ull /* "1LSSPOOL" */
#define LEASH_SEGMENT_MAGIC     0x3147455353454c31ull
#define LEASH_SPOOL_HEADER_SIZE 4096u
#define LEASH_SEGMENT_SIZE      (1u << 20)
#define LEASH_SLOT_SIZE         24u
#define LEASH_TEXT_MAX          8192u /* bytes of text a record */
#define LEASH_GENERATION_MAX    0xffffffu

enum leash_spool_end { LEASH_SPOOL_RUNNING, LEASH_SPOOL_COMPLETE, LEASH_SPOOL_EXITED };

struct leash_spool_header {
    uint64_t magic;
    uint32_t version;
    uint32_t segment_size; /* LEASH_SEGMENT_SIZE; smaller in tests */
    uint32_t segments;     /* how many the file holds; grows (atomic) */
    uint32_t end;          /* enum leash_spool_end (atomic); RUNNING and the lock free: crashed */
    uint32_t generation;   /* the last one given to a segment (atomic) */
    int32_t pid;
    uint64_t dropped;       /* events that found no room (atomic) */
    uint64_t began_unix_ns; /* real time */
    uint64_t last_ns;       /* loop's clock, of the last event known at the end */
    int32_t exit_code;      /* valid if end is EXITED */
    uint32_t reserved;
};

struct leash_segment_header {
    uint64_t magic;
    uint32_t thread;     /* number of the thread whose events these are */
    uint32_t generation; /* 0: free; written last, release */
    uint64_t sequence;   /* of this segment among its thread's, from 1 */
    uint64_t base_ns;    /* times in it count from here */
    uint64_t first_ns;   /* the thread's last time when it took the segment: that of its events before a timed one */
    uint64_t reserved;
    /* slots follow, up to the segment's end; the rest of less than a slot is unused */
};

#endif
