/* One line a creator whose result is dropped; unused_result.sh wants a warning for every line marked DROPPED. */
#include <leash.h>

int body(void *arg);
void forgets(leash_coro_t coro, leash_task_t task, leash_group_t group);

#ifdef VOID_CAST
#define DROP (void)
#else
#define DROP
#endif

void forgets(leash_coro_t coro, leash_task_t task, leash_group_t group)
{
    DROP leash_coro(body, &task);                          /* DROPPED */
    DROP leash_coro_copy(body, &task, sizeof(task));       /* DROPPED */
    DROP leash_coro_own(body, &task, 0);                   /* DROPPED */
    DROP leash_create_task(coro);                          /* DROPPED */
    DROP leash_create_task_named(coro, "named");           /* DROPPED */
    DROP leash_create_task(leash_coro(body, &task));       /* DROPPED */
    DROP leash_create_task_eager(coro);                    /* DROPPED */
    DROP leash_create_task_eager_named(coro, "named");     /* DROPPED */
    DROP leash_gather(coro, task);                         /* DROPPED */
    DROP leash_gather_all(coro, task);                     /* DROPPED */
    DROP leash_gather_array((leash_awaitable_t *)0, 0, 0); /* DROPPED */
    DROP leash_shield(task);                               /* DROPPED */
    DROP leash_future();                                   /* DROPPED */
    DROP leash_timeout_begin(1);                           /* DROPPED */
    DROP leash_group_begin();                              /* DROPPED */
    DROP leash_generator(body, &task);                     /* DROPPED */
    DROP leash_generator_copy(body, &task, sizeof(task));  /* DROPPED */
    DROP leash_generator_own(body, &task, 0);              /* DROPPED */
    DROP leash_defer(body, &task);                         /* DROPPED */
    DROP leash_group_create_task(group, coro);             /* DROPPED */
    DROP leash_group_spawn(group, leash_coro(body, 0));    /* DROPPED */
    leash_detach(task);
    leash_cancel(task, "not marked: its answer may be dropped");
}
