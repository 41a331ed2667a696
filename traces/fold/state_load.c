/* Finding out of the database again how open rows hang together. */
#include "cancels.h"
#include "waiters.h"

static void leash_link_loop(void *argument, void *row)
{
    struct leash__loop *loop = row;
    struct leash__drain *thread = LEASH__FIND((struct leash_fold *)argument, drain, loop->thread_id);
    if (thread)
        thread->loop_id = loop->row.id;
}

static void leash_link_outer(void *argument, void *row)
{
    struct leash__coro *coro = row;
    if (coro->state != LEASH__RUNNING || !coro->parent_coro_id)
        return;
    coro->outer = LEASH__FIND((struct leash_fold *)argument, coro, coro->parent_coro_id);
    if (coro->outer)
        coro->outer->is_outer = 1;
}

static void leash_link_body(void *argument, void *row)
{
    struct leash__coro *coro = row;
    if (coro->state != LEASH__RUNNING || coro->is_outer)
        return;
    struct leash__task *task = LEASH__FIND((struct leash_fold *)argument, task, coro->awaiter_task_id);
    if (task)
        task->body = coro;
}

static void leash_link_await(void *argument, void *row)
{
    struct leash__await *await = row;
    await->task = LEASH__FIND((struct leash_fold *)argument, task, await->task_id);
    if (await->task)
        await->task->await = await;
    bool over;
    struct leash__waiters *waiters = leash__waiters_of(argument, await->target_kind, await->target_id, &over);
    if (waiters)
        leash__waiters_add(waiters, await);
}

static void leash_link_cancel(void *argument, void *row)
{
    struct leash_fold *fold = argument;
    struct leash__cancel *cancel = row;
    struct leash__task *task =
        cancel->subject_kind == LEASH_SUBJECT_TASK ? LEASH__FIND(fold, task, cancel->subject_id) : NULL;
    if (task && (!cancel->delivered_ns || !cancel->uncancelled_ns))
        leash__cancel_attach(fold, task, cancel);
    if (cancel->row.id + LEASH__RECENT > LEASH__TABLE(fold, cancel)->last_id)
        leash__cancel_recent(fold, cancel);
}

static void leash_link_failure(void *argument, void *row)
{
    struct leash_fold *fold = argument;
    struct leash__failure *failure = row;
    struct leash__task *task = LEASH__FIND(fold, task, failure->subject_id);
    struct leash__coro *coro = LEASH__FIND(fold, coro, failure->subject_id);
    struct leash__future *future = LEASH__FIND(fold, future, failure->subject_id);
    if (failure->subject_kind == LEASH_SUBJECT_TASK && task)
        task->failure = failure;
    else if (failure->subject_kind == LEASH_SUBJECT_CORO && coro)
        coro->failure = failure;
    else if (failure->subject_kind == LEASH_SUBJECT_FUTURE && future)
        future->failure = failure;
}

static void leash_link_step(void *argument, void *row)
{
    struct leash__step *step = row;
    struct leash__task *task = LEASH__FIND((struct leash_fold *)argument, task, step->task_id);
    if (task)
        task->step = step;
}

/* Rows come in order of their ids: the newest ends up in front. */
static void leash_link_hold(void *argument, void *row)
{
    struct leash__hold *hold = row;
    struct leash__object *object = LEASH__FIND((struct leash_fold *)argument, object, hold->object_id);
    if (!object)
        return;
    hold->next = object->holds;
    object->holds = hold;
}

static int leash_link_frames(struct leash_fold *fold)
{
    struct leash__table *table = LEASH__TABLE(fold, frame);
    for (size_t i = 0; i < table->pool.chunks_count * LEASH__ROWPOOL_CHUNK; i++) {
        struct leash__frame *frame = leash__rowpool_at(&table->pool, i);
        const uint64_t key = frame->module_id << 40 | frame->offset;
        if (!frame->row.used || leash__idmap_get(&fold->frames, key))
            continue;
        if (leash__idmap_put(&fold->frames, key, frame) < 0)
            return SQLITE_NOMEM;
    }
    return SQLITE_OK;
}

static int leash_load_children(struct leash_fold *fold)
{
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(fold->db,
                                "SELECT object_id, max(position) + 1 FROM main.child WHERE object_id IN "
                                "(SELECT id FROM main.object WHERE ended_ns IS NULL) GROUP BY object_id",
                                -1, &statement, NULL);
    if (rc != SQLITE_OK)
        return rc;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        struct leash__object *object = LEASH__FIND(fold, object, (uint64_t)sqlite3_column_int64(statement, 0));
        if (object)
            object->children = (uint64_t)sqlite3_column_int64(statement, 1);
    }
    return sqlite3_finalize(statement);
}

static void leash_each(struct leash_fold *fold, enum leash__table_number table, void (*link)(void *, void *))
{
    leash__rowpool_each(&fold->tables[table].pool, link, fold);
}

static int leash_link(struct leash_fold *fold)
{
    leash_each(fold, LEASH__T_loop, leash_link_loop);
    leash_each(fold, LEASH__T_coro, leash_link_outer);
    leash_each(fold, LEASH__T_coro, leash_link_body);
    leash_each(fold, LEASH__T_await, leash_link_await);
    leash_each(fold, LEASH__T_cancel, leash_link_cancel);
    leash_each(fold, LEASH__T_failure, leash_link_failure);
    leash_each(fold, LEASH__T_step, leash_link_step);
    leash_each(fold, LEASH__T_hold, leash_link_hold);
    int rc = leash_link_frames(fold);
    return rc == SQLITE_OK ? leash_load_children(fold) : rc;
}

int leash__state_load(struct leash_fold *fold)
{
    leash__state_clear(fold);
    int rc = SQLITE_OK;
    for (int i = 0; rc == SQLITE_OK && i < LEASH__T_COUNT; i++)
        rc = leash__table_load(&fold->tables[i], fold->db);
    if (rc == SQLITE_OK)
        rc = leash_link(fold);
    if (rc == SQLITE_OK)
        rc = leash__totals_load(&fold->totals, fold->db);
    if (rc == SQLITE_OK)
        fold->loaded = true;
    else
        leash__state_clear(fold);
    return rc;
}
