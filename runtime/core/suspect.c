#include "suspect.h"

#include <pthread.h>
#include <stdlib.h>

#include "leak_scope.h"
#include "leak_strings.h"
#include "list.h"

struct leash__suspect {
    struct leash__node node; /* by lock */
    bool told;               /* likewise; from then on it stays as it is */
    uint32_t scope;
    struct leash__leak leak; /* strings are its own */
    char strings[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct leash__node suspects = {&suspects, &suspects}; /* of all loops; by lock */
static struct leash__node told = {&told, &told};             /* likewise */

static struct leash__suspect *suspect_of(struct leash__node *node)
{
    return LEASH__CONTAINER(node, struct leash__suspect, node);
}

struct leash__suspect *leash__suspect_new(const struct leash__leak *leak, uint32_t scope)
{
    struct leash__suspect *suspect = malloc(sizeof *suspect + leash__leak_strings_size(leak));
    if (!suspect)
        return NULL;
    suspect->told = false;
    suspect->scope = scope;
    suspect->leak = *leak;
    leash__leak_strings_keep(&suspect->leak, suspect->strings);
    pthread_mutex_lock(&lock);
    leash__list_append(&suspects, &suspect->node);
    pthread_mutex_unlock(&lock);
    return suspect;
}

void leash__suspect_clear(struct leash__suspect *suspect)
{
    if (!suspect)
        return;
    pthread_mutex_lock(&lock);
    bool too_late = suspect->told;
    if (!too_late)
        leash__list_remove(&suspect->node);
    pthread_mutex_unlock(&lock);
    if (!too_late)
        free(suspect);
}

static const struct leash__suspect *next_to_tell(void)
{
    pthread_mutex_lock(&lock);
    struct leash__node *node = leash__list_pop(&suspects);
    if (node) {
        suspect_of(node)->told = true;
        leash__list_append(&told, node);
    }
    pthread_mutex_unlock(&lock);
    return node ? suspect_of(node) : NULL;
}

void leash__suspects_tell(void)
{
    const struct leash__suspect *suspect;
    while ((suspect = next_to_tell()))
        if (!leash__leak_scope_take(suspect->scope, &suspect->leak))
            leash__leak_found(&suspect->leak);
}

void leash__suspects_lock(void)
{
    pthread_mutex_lock(&lock);
}

void leash__suspects_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

void leash__suspects_forget(void)
{
    struct leash__node *node;
    while ((node = leash__list_pop(&suspects)))
        free(suspect_of(node));
}
