#include "away.h"

#include "faults.h"
#include "looker.h"

#include <arena.h>
#include <clock.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* What a looker leaves behind: the answer and its arrays in one piece. */
static size_t answer_size(const struct leash__scan_request *request)
{
    return sizeof(struct leash__answer) + request->count * (sizeof(uint32_t) + 1);
}

static bool search_there(void *shared, void *argument)
{
    struct leash__order order = *(const struct leash__order *)argument;
    struct leash__answer *answer = shared;
    uint32_t *keepers = (uint32_t *)(answer + 1);
    if (order.forked && order.blocks && __atomic_load_n(order.blocks->moving, __ATOMIC_RELAXED))
        return false;
    answer->found = (unsigned char *)(keepers + order.request->count);
    answer->keepers = order.request->tasks ? keepers : NULL;
    order.directly = leash__faults_catch(order.forked) == 0;
    leash__search(&order, answer);
    answer->ended_ns = leash__clock_system();
    return true;
}

static void take_answer(struct leash__answer *answer, const struct leash__answer *seen, size_t count)
{
    memcpy(answer->found, seen->found, count);
    if (answer->keepers)
        memcpy(answer->keepers, seen->keepers, count * sizeof(*answer->keepers));
    answer->bytes += seen->bytes;
    answer->ended_ns = seen->ended_ns;
}

static int answer_of(struct leash__looker *looker, bool at_once, struct leash__answer *answer, size_t count)
{
    int rc = leash__looker_wait(looker, at_once);
    const struct leash__answer *seen = looker->shared;
    if (rc == 0)
        rc = seen->rc;
    if (rc == 0)
        take_answer(answer, seen, count);
    return rc;
}

int leash__search_beside(struct leash__order *order, struct leash__answer *answer)
{
    struct leash__looker looker;
    int rc = leash__looker_begin(&looker, LEASH_LOOK_BESIDE, answer_size(order->request), search_there, order);
    rc = rc == 0 ? answer_of(&looker, false, answer, order->request->count) : rc;
    leash__looker_free(&looker);
    return rc;
}

/* 0: the looker is at it, and must be waited for. */
static int make_snapshot(struct leash__order *order, struct leash__looker *looker)
{
    memset(looker, 0, sizeof(*looker));
    int rc = leash__threads_stop(&order->stopper, order->request->stop_signal, &order->late);
    if (rc < 0)
        return rc;
    order->forked = true;
    rc = leash__looker_begin(looker, LEASH_LOOK_SNAPSHOT, answer_size(order->request), search_there, order);
    order->forked = false;
    if (leash__threads_resume(order->stopper) || rc < 0)
        return rc;
    kill(looker->child, SIGKILL);
    leash__looker_wait(looker, false);
    return -ECANCELED;
}

int leash__search_snapshot(struct leash__order *order, struct leash__answer *answer)
{
    struct leash__looker looker;
    int rc = make_snapshot(order, &looker);
    if (rc == 0)
        rc = answer_of(&looker, false, answer, order->request->count);
    leash__looker_free(&looker);
    return rc;
}

/* ---- later ---- */

struct leash__scan_later {
    struct leash__looker looker;
    size_t count; /* of the request */
    pid_t owner;  /* in a forked child the looker is its parent's */
};

static bool last_failed; /* atomic */
static bool never;       /* atomic; no snapshot of this program is whole */

/* What became of one. */
static int learn(int rc)
{
    __atomic_store_n(&last_failed, rc < 0, __ATOMIC_RELAXED);
    if (rc == -EXDEV)
        __atomic_store_n(&never, true, __ATOMIC_RELAXED);
    return rc;
}

/* Bytes of this process in memory; 0: the kernel does not tell. */
static size_t resident(void)
{
    char text[64] = "";
    size_t pages = 0;
    int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    ssize_t got = read(file, text, sizeof(text) - 1);
    close(file);
    const char *digits = got > 0 ? strchr(text, ' ') : NULL;
    for (digits = digits ? digits + 1 : ""; *digits >= '0' && *digits <= '9'; digits++)
        pages = 10 * pages + (size_t)(*digits - '0');
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

bool leash__search_later_pays(const struct leash__scan_request *request)
{
    const size_t much = 16 << 20, stack = 8192; /* a task's, with its page tables */
    size_t all = resident(), stacks = request->count * stack;
    if (__atomic_load_n(&never, __ATOMIC_RELAXED) || __atomic_exchange_n(&last_failed, false, __ATOMIC_RELAXED))
        return false;
    return all > stacks + much && all - stacks > stacks;
}

static void later_free(struct leash__scan_later *later)
{
    leash__looker_free(&later->looker);
    leash__arena_unmap(later, sizeof(*later));
}

int leash__search_later(struct leash__order *order, struct leash__scan_later **out)
{
    struct leash__scan_later *later = leash__arena_map(sizeof(*later));
    if (!later)
        return -ENOMEM;
    later->count = order->request->count;
    later->owner = getpid();
    int rc = learn(make_snapshot(order, &later->looker));
    if (rc < 0)
        later_free(later);
    else
        *out = later;
    return rc;
}

int leash__search_fetch(struct leash__scan_later *later, struct leash__answer *answer)
{
    int rc = answer_of(&later->looker, true, answer, later->count);
    if (rc == -EAGAIN)
        return rc;
    later_free(later);
    return learn(rc);
}

void leash__search_drop(struct leash__scan_later *later)
{
    if (!later)
        return;
    if (later->owner == getpid()) {
        kill(later->looker.child, SIGKILL);
        leash__looker_wait(&later->looker, false);
    }
    later_free(later);
}
