/* What a queue is made of and asked; what is done with it: queue.c. */
#include <errno.h>
#include <limits.h>

#include "misuse.h"
#include "queue.h"

/* ---- a type of waitables ---- */

static struct leash__queue *of(const struct leash__waitable *waitable)
{
    return LEASH__CONTAINER(waitable, struct leash__queue, base);
}

static void begin(struct leash__waitable *waitable, const struct leash_object *object)
{
    struct leash__queue *queue = of(waitable);
    const leash_queue_t *given = LEASH__CONTAINER(object, leash_queue_t, object);
    leash__store_init(&queue->store, given->order, given->compare);
    leash__list_init(&queue->getters);
    leash__list_init(&queue->putters);
    leash__list_init(&queue->joiners);
    queue->limit = given->maxsize && given->maxsize <= LONG_MAX ? given->maxsize : SIZE_MAX;
    queue->drop = given->drop;
}

static void end(struct leash__waitable *waitable)
{
    leash__store_end(&of(waitable)->store, of(waitable)->drop);
}

static unsigned facts(const struct leash__waitable *waitable)
{
    const struct leash__queue *queue = of(waitable);
    bool owed = queue->counted && queue->unfinished > 0;
    return !leash__queue_empty(queue) || owed ? LEASH_FACT_ITEMS_LEFT : 0;
}

static void tell(struct leash__events *events, const struct leash__waitable *waitable)
{
    const uint64_t most = (1ull << 40) - 1; /* that an event holds */
    size_t limit = of(waitable)->limit;
    uint64_t told = limit == SIZE_MAX ? 0 : limit < most ? limit : most;
    leash__event(events, LEASH_EV_LIMIT, NULL, waitable->cell->id, told, 0);
}

const struct leash__waitable_type leash__queue_type = {
    .kind = LEASH_OBJECT_QUEUE,
    .name = "queue",
    .size = sizeof(struct leash__queue),
    .begin = begin,
    .end = end,
    .facts = facts,
    .tell = tell,
};

/* ---- from the program's struct to the state ---- */

struct leash__queue *leash__queue_find(leash_queue_t *queue, const char *call, struct leash_site *site, int *error)
{
    return (struct leash__queue *)leash__waitable_find(queue ? &queue->object : NULL, &leash__queue_type, call, site,
                                                       error);
}

static const char *what_is_wrong(const leash_queue_t *queue)
{
    if (queue->order == LEASH__QUEUE_PRIORITY)
        return queue->compare ? NULL : "a priority queue needs a function that compares";
    return queue->order <= LEASH__QUEUE_LIFO ? NULL : "this is no queue; begin with leash_queue_init()";
}

struct leash__queue *leash__queue_make(leash_queue_t *queue, const char *call, struct leash_site *site, int *error)
{
    const char *wrong = what_is_wrong(queue);
    if (wrong) {
        *error = leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: %s", call, wrong);
        return NULL;
    }
    return (struct leash__queue *)leash__waitable_of(&queue->object, &leash__queue_type, call, site, error);
}

/* ---- questions ---- */

long leash_queue_qsize(leash_queue_t *given)
{
    int error = 0;
    const struct leash__queue *queue = leash__queue_find(given, "leash_queue_qsize", NULL, &error);
    return queue ? (long)queue->store.count : error;
}

long leash_queue_maxsize(leash_queue_t *given)
{
    int error = 0;
    const struct leash__queue *queue = leash__queue_find(given, "leash_queue_maxsize", NULL, &error);
    if (error)
        return error;
    size_t limit = queue ? queue->limit : given->maxsize;
    return limit <= LONG_MAX ? (long)limit : 0;
}

int leash_queue_empty(leash_queue_t *given)
{
    int error = 0;
    const struct leash__queue *queue = leash__queue_find(given, "leash_queue_empty", NULL, &error);
    if (error)
        return error;
    return !queue || leash__queue_empty(queue);
}

int leash_queue_full(leash_queue_t *given)
{
    int error = 0;
    const struct leash__queue *queue = leash__queue_find(given, "leash_queue_full", NULL, &error);
    return queue ? leash__queue_full(queue) : error;
}

/* ---- what is left ---- */

int leash_queue_set_drop(leash_queue_t *given, void (*drop)(void *))
{
    int error = 0;
    struct leash__queue *queue = leash__queue_find(given, "leash_queue_set_drop", NULL, &error);
    if (error)
        return error;
    given->drop = drop;
    if (queue)
        queue->drop = drop;
    return 0;
}

static const char *busy(const struct leash__waitable *waitable)
{
    return of(waitable)->waiting ? "tasks wait for it" : NULL;
}

int leash_queue_destroy(leash_queue_t *queue)
{
    return leash__waitable_destroy(queue ? &queue->object : NULL, &leash__queue_type, busy, "leash_queue_destroy");
}
