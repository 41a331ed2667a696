/* The core's types, and who points at whom.
 *
 *   future (struct leash__fut)   something that will be finished: state, outcome, and the callbacks to queue then
 *   callback                     one entry of the loop's ready queue, or of a future's list; always intrusive
 *   cell                         what a handle names: a slot with a generation. Holds a future, and a coroutine's call
 *   task                         a cell whose coroutine has a stack of its own; its future is the body's outcome
 *   body (frame)                 one running coroutine function; inline awaits nest them on one stack
 *   scope                        what a body opened and has to close: a timeout, a group, a deferred function
 *   strand                       a stack beside a task's own that runs as part of it: a generator's body
 *   claim                        the duty that comes with a handle: `owner` and `refs` of a cell
 *
 *        loop ---- ready ---> callback <--- callbacks ---- future
 *          |                     ^ wake                      ^
 *          |---- current --->  task ------ waiting ----------'
 *          |---- tasks --->      | frame -> body -> body (inline) -> cell of its coroutine, scopes
 *          '---- cells --->    coroutines, futures, finished tasks
 *
 * Names and order of events are asyncio's of CPython 3.11 (Lib/asyncio/tasks.py, futures.py, base_events.py). */
#ifndef LEASH_CORE_TYPES_H
#define LEASH_CORE_TYPES_H

#include <context.h>
#include <heap.h>
#include <list.h>
#include <clock.h>
#include <handle.h>
#include <leash/coro.h>
#include <leash/loop.h>

#include "event.h"
#include "inbox.h"
#include "pulse.h"

struct leash__loop;

struct leash__callback {
    struct leash__node node; /* linked while in a future's list or in loop->ready, else its own neighbour */
    void (*run)(struct leash__callback *self, struct leash__loop *loop);
};

/* Why something failed or was cancelled; shared by those who pass it on. */
struct leash__failure {
    unsigned refs;
    int code;
    struct leash_site *site; /* of leash_fail; NULL: the code was just returned */
    char message[];
};

enum leash__fut_state { LEASH__PENDING, LEASH__FINISHED, LEASH__CANCELLED };
/* Plain: a waiter of one wait, on a stack or beside it; those of wait and wait_for can be told from the others: of a
 * wait_for until its time limit, and while what it then cancelled comes to an end. From FUTURE on they are in cells.
 * Job: a future that a thread's job sets (io/). */
enum leash__fut_kind {
    LEASH__FUT_PLAIN,
    LEASH__FUT_WAIT,
    LEASH__FUT_WAIT_FOR,
    LEASH__FUT_WAIT_CANCELLED,
    LEASH__FUT_FUTURE,
    LEASH__FUT_JOB,
    LEASH__FUT_GATHER,
    LEASH__FUT_TASK
};

/* Whether anybody looked at a failure: asyncio's flag "log traceback", and what it forgets. */
enum leash__unseen {
    LEASH__SEEN,   /* or there is no failure */
    LEASH__UNSEEN, /* nobody looked: asyncio's flag is set */
    LEASH__READ,   /* the same, but leash_failure() told of it */
    LEASH__HIDDEN  /* asyncio's flag was cleared, but no code was given the failure */
};

struct leash__fut {
    uint8_t state;                /* enum leash__fut_state */
    uint8_t kind;                 /* who answers to cancel */
    uint8_t unseen;               /* enum leash__unseen */
    bool cancelled_error;         /* finished, with a cancellation for its failure: a gather's, or a shield's of one */
    int code;                     /* valid when finished */
    struct leash__node callbacks; /* while pending: in the order in which they were added */
    void *result;                 /* valid when finished with code >= 0 */
    void (*drop)(void *);         /* of the result; NULL: it is nobody's */
    struct leash__failure *failure; /* valid when finished with code < 0 or cancelled with a message; may be NULL */
};

enum leash__cell_kind {
    LEASH__CELL_FREE,
    LEASH__CELL_CORO,
    LEASH__CELL_TASK,
    LEASH__CELL_FUTURE,
    LEASH__CELL_CALLBACK,
    LEASH__CELL_TIMEOUT,
    LEASH__CELL_OBJECT /* arg: the struct leash__waitable that it stands for */
};

struct leash__cell {
    /* These four are kept when a cell is used again, or written atomically: other threads compare them. */
    uint32_t slot, generation;
    struct leash__loop *loop; /* NULL: a coroutine that met no loop yet */
    uint8_t kind;             /* enum leash__cell_kind */
    struct leash__fut fut;    /* valid for coroutines (outcome of an inline run), tasks and futures */
    bool owner;               /* the creator's claim is neither settled nor dropped */
    bool settled;             /* some claim was settled: the outcome was delivered, detached or given away */
    bool detached, daemon;
    bool used;                /* a coroutine that was awaited, closed or taken */
    bool lingers;             /* on a task's list of cells that it settled and that stay readable until it suspends */
    bool lost;                /* a scan found no live reference to it */
    bool victim;              /* pending only because it waits for another that is reported; set with facts' PENDING */
    bool deadlocked;          /* a deadlock is told of under its name (deadlock.h) */
    bool outside;             /* the loop stopped while only threads could wake it that nobody declared; likewise */
    uint32_t facts;           /* LEASH_FACT_ bits judged so far */
    bool told;                /* a scope of leaks has it among its findings: the end of the loop does not tell again */
    uint32_t refs;            /* claims of leash_ref */
    uint32_t holds;           /* the runtime's own: waiters, gathers, the run that judges it */
    uint32_t leak_scope;      /* number of the scope of leaks that it was made in (leak_scope.h); 0: none */
    struct leash__node node;  /* in loop->tasks (unfinished tasks), loop->cells, or thread->coros; creation order */
    struct leash__cell *next; /* free list; or the list of cells that linger */
    uint64_t id;              /* in the trace, of its kind */
    uint64_t mark;            /* of the last gather, wait, ... that met it: finds double items */
    union {
        uint64_t coro_id; /* of the coroutine, also once it is a task */
        uint64_t object;  /* of a job's future: the job, in the trace */
    };
    struct leash_site *site;      /* where the task or future was made; for coroutines: coro_site */
    struct leash_site *coro_site; /* where the coroutine was made */
    leash_fn_t fn;
    void *arg;
    void (*drop)(void *); /* of arg, if the body never runs; cleared when it does. Copies: free, always */
    bool arg_copied;      /* arg is freed with the cell whether the body ran or not */
    char *waited_for;     /* of a pending task: what it waited for when the loop stopped; NULL: unknown */
    char *name;           /* NULL: made from the id when asked for */
    char name_space[24];  /* room for that */
};

struct leash__scope;
struct leash__strand;

/* One running coroutine function. Lives on the task's stack. */
struct leash__frame {
    struct leash__frame *up;
    struct leash__cell *cell; /* whose outcome leash_return sets */
    void *result;
    void (*drop)(void *);
    struct leash__failure *failure; /* of leash_fail */
    struct leash__failure *before;  /* the task's last_failure when the body began: not this body's to pass on */
    struct leash__scope *scopes;    /* that it opened and that are open, innermost first */
};

struct leash__timer {
    struct leash__heap_item item;
    struct leash__callback callback; /* moved to loop->ready when due */
};

struct leash__locals;

struct leash__task {
    struct leash__cell cell;
    struct leash__callback wake;   /* the task's step: in loop->ready, or in the list of what it waits for */
    struct leash__context context; /* valid from the first step to the end: its own stack's, or its strand's */
    struct leash__fut *waiting;    /* asyncio's _fut_waiter; NULL while it runs or only yielded */
    bool started, ended;           /* ended: the body returned, the stack can go */
    bool must_cancel;              /* a cancellation is to be thrown in at the next step */
    bool cancel_seen;              /* a cancellation was delivered: -ECANCELED of the body means cancelled */
    bool on_path;                  /* while a cancellation walks along what waits for what */
    bool cleaned_up;               /* the clean-up after main cancelled it */
    bool asked;                    /* a cancellation that the program asked for is neither taken back nor over */
    bool answers;                  /* ... and it was delivered: what the task does now is its answer */
    bool ignores;                  /* ... and it waited for something else since */
    bool stands_aside;             /* in the middle of a step: until a task that it starts eagerly has stopped */
    unsigned cancels;              /* requests minus uncancels */
    unsigned spent;                /* of these, what groups asked for and CPython 3.11 never takes back */
    unsigned deferring;            /* how many clean-ups it is in: what a wait there does swallows no cancellation */
    unsigned lingering;            /* how many of `settled` own no result */
    struct leash__failure *cancel_message;
    struct leash__failure *last_failure; /* the last that an await handed over */
    struct leash__frame *frame;          /* innermost body; NULL before the first step and after the end */
    struct leash__strand *strand;        /* innermost that it runs; NULL: it is on its own stack */
    struct leash__cell *settled;         /* cells that linger */
    struct leash__locals *locals;
    struct leash__task *path;         /* next task of a cancellation's path */
    struct leash_site *await_site;    /* where it waits; valid while it does */
    const char *await_what;           /* "task", "sleep", ...; likewise */
    struct leash__waitable *line;     /* the object in whose line it stands; NULL: none */
    struct leash__hold *holds;        /* what it holds, newest first */
    struct leash__deadlock *deadlock; /* the cycle of waits that it is in; NULL: none is known */
    struct leash__callback cleanup;   /* the end of run's callback */
    uint64_t keeper; /* id of the lost task that alone refers to this one (maybe itself); valid while lost; 0: none */
};

/* One a thread that met leash; reused by later threads, never freed. */
struct leash__thread {
    bool owned;                 /* by a thread that lives; atomic */
    struct leash__thread *next; /* all of them */
    struct leash__loop *loop;   /* running; NULL outside leash_run */
    struct leash__cell *free;   /* LIFO */
    struct leash__cell *remote; /* freed by other threads; atomic */
    struct leash__node coros;   /* coroutines and objects that met no loop yet */
    struct leash__events events;
    struct leash__locals *locals; /* outside tasks; main tasks inherit them */
    struct leash__clock clock;
    uint64_t ids[4], ids_end[4]; /* blocks of ids: task, coroutine, future, object */
    bool quiet;                  /* report=0: no diagnostics on stderr */
    bool declared;               /* says by itself when it may wake a loop (waker.c); atomic */
    char error[512];
};

struct leash__loop {
    struct leash__thread *thread;
    struct leash__events *events; /* the thread's */
    struct leash__node ready;
    struct leash__node batch; /* what this iteration has yet to run: was ready when it began */
    struct leash__pulse pulse;
    struct leash__heap timers;
    struct leash__node tasks; /* unfinished, in order of creation */
    struct leash__node cells; /* everything else that lives, in order of creation */
    struct leash__task *current;
    struct leash__task *dropping; /* the running task while a drop function of the program is called; else NULL */
    struct leash__task *main;
    struct leash__context context; /* the loop's own side of a switch */
    struct leash__stacks *stacks;
    struct leash_options options;
    uint64_t id;
    uint64_t now;   /* ns: virtual time, or the real clock when last looked at */
    uint64_t epoch; /* what leash_time() counts from; not 0 for a virtual clock that follows another loop */
    struct leash__inbox inbox;
    const struct leash__poller *poller; /* what else is waited for; NULL: only time and letters */
    void *poller_state;                 /* the poller's */
    uint64_t polled;                    /* when it last looked outside; ns of the system's clock */
    size_t in_flight; /* jobs, look-ups, processes: real time that must pass, and will bring a letter */
    uint64_t patient_for, patient_until; /* the timer that waits for them, and until when: idle.c */
    struct leash__node errands;     /* struct leash__errand: what is done for it elsewhere, and its end waits for */
    bool awaits_errands;            /* its end does */
    struct leash__files *files;     /* descriptors that io/ keeps account of; NULL: none */
    struct leash__loop *next_known; /* of the loops that others reach (inbox.c); valid while is_known */
    bool is_known;
    bool is_shared;                  /* the program asked for its handle: any thread may send letters */
    bool takes_sigint;               /* while leash_run is in its handler's hands */
    unsigned interrupts;             /* SIGINTs that were answered */
    struct leash__node remote_calls; /* of leash_call_soon_threadsafe: delivered, not yet run */
    struct leash__node remotes;      /* coroutines of other threads whose tasks are not finished */
    bool virtual_time;
    bool plain; /* its iterations may follow one another without a look outside: no seed, no poller, no other threads */
    bool stop;  /* asyncio's _stopping */
    bool over;  /* past the clean-up: nothing may be created */
    bool dead;  /* the process forked: it goes on in the parent only */
    bool judged;                     /* its pending tasks are */
    bool chained;                    /* somebody began to wait for what others hold or do since the last look */
    unsigned busy_looks;             /* outside, while something was ready */
    uint64_t look_after;             /* no look for deadlocks before; ns of the system's clock */
    size_t look_skip;                /* virtual clock: how often there is none */
    struct leash__node deadlocks;    /* struct leash__deadlock */
    bool stood_still;                /* that is how it ends */
    bool stays;                      /* on_deadlock=report: it waits on at a standstill */
    uint64_t stays_since;            /* valid while it does: pulse.step when that was last looked at */
    bool main_given_up;              /* on_deadlock=cancel: main was cancelled */
    struct leash__fut *given_up_in;  /* what it waited for then, until the cancellation is thrown in; else NULL */
    struct leash__deadlock *outside; /* that only threads can end which nobody declared; NULL: it does not stand so */
    struct leash__suspect *suspect;  /* of that; NULL: a trace tells of it, or no memory */
    bool outside_said;               /* on stderr, of an earlier one, and that it was none */
    bool patrols;                    /* scans for lost tasks while it runs: patrol.h */
    bool ran;                        /* anything did since its last scan */
    struct leash__lost_look *look;   /* a scan that is under way; NULL: none is */
    uint64_t patrol_began;           /* valid with look */
    uint64_t patrol_next,
        patrol_late; /* when the next may be, and when if it is never idle; ns of the system's clock */
    uint64_t marks;  /* how many marks were given */
    unsigned turns;  /* iterations that leash__loop_turn began or refused to */
    uint64_t random; /* state of the shuffle; valid if options.seed */
    unsigned dumps;  /* requests for a dump that were answered */
    size_t cleaning; /* tasks that the clean-up after main waits for */
    struct leash__node done_callbacks; /* of the program, all that have not run */
    struct leash__node waits;          /* of leash_wait, with what they hold */
    struct leash__node iterations;     /* of leash_as_completed */
    struct leash__node strands;        /* that have a stack, in order of their first entry */
    struct leash__cell *settled;       /* cells that linger because a callback settled them */
    struct leash__callback stop_callback;
};

extern __thread struct leash__thread *leash__self_pointer __attribute__((tls_model("initial-exec")));

/* This thread's state, made at first use; NULL without memory. */
struct leash__thread *leash__thread_make(void);
static inline struct leash__thread *leash__self(void)
{
    struct leash__thread *self = leash__self_pointer;
    return __builtin_expect(self != NULL, 1) ? self : leash__thread_make();
}
/* The running loop, NULL if there is none. */
static inline struct leash__loop *leash__running(void)
{
    return leash__self_pointer ? leash__self_pointer->loop : NULL;
}

static inline struct leash__task *leash__task_of(struct leash__cell *cell)
{
    return LEASH__CONTAINER(cell, struct leash__task, cell);
}
static inline struct leash__cell *leash__cell_of(struct leash__fut *fut)
{
    return LEASH__CONTAINER(fut, struct leash__cell, fut);
}

/* The loop's time in ns: cheap. */
static inline uint64_t leash__now(struct leash__loop *loop)
{
    return loop->virtual_time ? loop->now : leash__clock_ns(&loop->thread->clock);
}

/* A timed event of a loop; the clock is read only if somebody records. */
#define LEASH__EVENT_NOW(loop, kind, site, a, b)                                                                       \
    do {                                                                                                               \
        if (__builtin_expect((loop)->events->at != NULL, 0))                                                           \
            leash__event_at((loop)->events, (kind), (site), (a), (b), leash__now(loop));                               \
    } while (0)

enum leash__id_kind { LEASH__ID_TASK, LEASH__ID_CORO, LEASH__ID_FUTURE, LEASH__ID_OBJECT };
/* The next id of a kind; unique in the process, consecutive within a thread as far as others leave it. */
uint64_t leash__id_refill(struct leash__thread *thread, enum leash__id_kind kind);
static inline uint64_t leash__id(struct leash__thread *thread, enum leash__id_kind kind)
{
    if (__builtin_expect(thread->ids[kind] == thread->ids_end[kind], 0))
        return leash__id_refill(thread, kind);
    return thread->ids[kind]++;
}

#endif
