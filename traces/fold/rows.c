#include "rows.h"

#include <trace_format.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const state_words[] = {
    [LEASH__NO_STATE] = "unknown",    [LEASH__PENDING] = "pending", [LEASH__CREATED] = "created",
    [LEASH__RUNNING] = "running",     [LEASH__DONE] = "done",       [LEASH__FAILED] = "failed",
    [LEASH__CANCELLED] = "cancelled", [LEASH__CLOSED] = "closed",   [LEASH__TAKEN] = "task",
};
static const char *const subject_words[] = {
    [LEASH_SUBJECT_NONE] = "unknown",  [LEASH_SUBJECT_TASK] = "task",     [LEASH_SUBJECT_CORO] = "coro",
    [LEASH_SUBJECT_FUTURE] = "future", [LEASH_SUBJECT_OBJECT] = "object", [LEASH__TARGET_SLEEP] = "sleep",
};
static const char *const object_words[] = {[LEASH_OBJECT_NONE] = "unknown",
#define X(name, text) [LEASH_OBJECT_##name] = text,
                                           LEASH_OBJECT_KINDS(X)
#undef X
};
static const char *const origin_words[] = {
    [0] = "unknown",
    [LEASH__BY_PROGRAM] = "program",
    [LEASH__BY_TIMEOUT] = "timeout",
    [LEASH__BY_CLEANUP] = "cleanup",
    [LEASH__BY_AWAITER] = "awaiter",
};
static const char *const claim_words[] = {
    [0] = "unknown",
    [LEASH_CLAIM_REF] = "ref",
    [LEASH_CLAIM_UNREF] = "unref",
    [LEASH_CLAIM_DETACH] = "detach",
    [LEASH_CLAIM_DAEMON] = "daemon",
    [LEASH_CLAIM_SETTLED] = "settled",
    [LEASH_CLAIM_GIVEN] = "given",
    [LEASH_CLAIM_CLOSED] = "closed",
};
static const char *const op_words[] = {
    [0] = "unknown", [1] = "set", [2] = "cleared", [3] = "notified", [4] = "put", [5] = "got", [6] = "shut",
};
static const char *const block_words[] = {[0] = "step", [1] = "step", [2] = "iteration"};
static const char *const block_state_words[] = {[0] = NULL, [1] = "waiting", [2] = "running"};
static const char *const loop_end_words[] = {
    [0] = NULL,
    [LEASH_LOOP_COMPLETE] = "complete",
    [LEASH_LOOP_DEADLOCK] = "deadlock",
    [LEASH_LOOP_EXITED] = "exited",
    [LEASH_LOOP_STUBBORN] = "stubborn",
    [LEASH_LOOP_INTERRUPTED] = "interrupted",
};
static const char *const deadlock_words[] = {
    [0] = "unknown",
    [LEASH_DEADLOCK_CYCLE] = "cycle",
    [LEASH_DEADLOCK_STANDSTILL] = "standstill",
    [LEASH_DEADLOCK_OUTSIDE] = "outside",
};
static const char *const deadlock_end_words[] = {
    [0] = NULL,
    [LEASH_DEADLOCK_CANCELLED] = "cancelled",
    [LEASH_DEADLOCK_UNDONE] = "undone",
};
static const char *const scan_words[] = {
    [0] = NULL,
    [LEASH_SCAN_COMPLETE] = "complete",
    [LEASH_SCAN_SANITIZER] = "sanitizer",
    [LEASH_SCAN_UNREADABLE] = "unreadable",
    [LEASH_SCAN_THREADS] = "threads",
    [LEASH_SCAN_OFF] = "off",
};
static const char *const misuse_words[] = {
    [0] = "unknown",
    [LEASH_MISUSE_NO_LOOP] = "no-loop",
    [LEASH_MISUSE_SELF_AWAIT] = "self-await",
    [LEASH_MISUSE_AWAITED_TWICE] = "awaited-twice",
    [LEASH_MISUSE_WRONG_THREAD] = "wrong-thread",
    [LEASH_MISUSE_NULL_FUNCTION] = "null-function",
    [LEASH_MISUSE_NESTED_RUN] = "nested-run",
    [LEASH_MISUSE_STALE] = "stale",
    [LEASH_MISUSE_INVALID] = "invalid",
    [LEASH_MISUSE_STACK_OVERFLOW] = "stack-overflow",
    [LEASH_MISUSE_NOT_IN_TASK] = "not-in-task",
};

/* COLUMN(table, name, type, merge): the field has the column's name. RARE: it is left out where it is zero. */
#define FIELD(table, name, field, type, merge, rare)                                                                   \
    {                                                                                                                  \
        name, LEASH__##type, LEASH__##merge, rare, offsetof(struct leash__##table, field), NULL, 0                     \
    }
#define COLUMN(table, name, type, merge) FIELD(table, #name, name, type, merge, 0)
#define RARE(table, name, type, merge)   FIELD(table, #name, name, type, merge, 1)
#define WORD(table, name, merge, words)                                                                                \
    {                                                                                                                  \
#name, LEASH__WORD, LEASH__##merge, 0, offsetof(struct leash__##table, name), words, COUNT_OF(words)           \
    }
#define ID(table) FIELD(table, "id", row.id, COUNT, KEEP, 0)

static const struct leash__column site_columns[] = {
    ID(site),
    COLUMN(site, file, TEXT, KEEP),
    COLUMN(site, line, COUNT, KEEP),
    COLUMN(site, func, TEXT, KEEP),
    COLUMN(site, expr, TEXT, KEEP),
};
static const struct leash__column thread_columns[] = {
    ID(thread),
    COLUMN(thread, tid, ID, LAST),
    COLUMN(thread, name, TEXT, LAST),
};
static const struct leash__column module_columns[] = {
    ID(module),
    COLUMN(module, path, TEXT, KEEP),
    COLUMN(module, build_id, TEXT, KEEP),
    COLUMN(module, base, COUNT, KEEP),
    COLUMN(module, size, COUNT, KEEP),
};
static const struct leash__column frame_columns[] = {
    ID(frame),
    COLUMN(frame, module_id, COUNT, KEEP),
    COLUMN(frame, offset, COUNT, KEEP),
};
static const struct leash__column stack_columns[] = {
    ID(stack),
    COLUMN(stack, depth, COUNT, KEEP),
};
static const struct leash__column stack_frame_columns[] = {
    COLUMN(stack_frame, stack_id, COUNT, KEEP),
    COLUMN(stack_frame, position, COUNT, KEEP),
    COLUMN(stack_frame, frame_id, COUNT, KEEP),
};
static const struct leash__column loop_columns[] = {
    ID(loop),
    COLUMN(loop, thread_id, ID32, KEEP),
    COLUMN(loop, site_id, ID32, KEEP),
    COLUMN(loop, main_task_id, ID, KEEP),
    COLUMN(loop, began_ns, OPT, KEEP),
    COLUMN(loop, main_ended_ns, OPT, LAST),
    COLUMN(loop, main_code, OPT, LAST),
    COLUMN(loop, ended_ns, OPT, LAST),
    WORD(loop, end_kind, LAST, loop_end_words),
};
static const struct leash__column coro_columns[] = {
    ID(coro),
    COLUMN(coro, site_id, ID32, KEEP),
    COLUMN(coro, creator_task_id, ID, KEEP),
    COLUMN(coro, argument, ID, KEEP),
    RARE(coro, function_frame_id, ID, KEEP),
    COLUMN(coro, created_ns, OPT, KEEP),
    RARE(coro, stack_id, ID, KEEP),
    WORD(coro, state, STATE, state_words),
    RARE(coro, task_id, ID, KEEP),
    COLUMN(coro, awaiter_task_id, ID, KEEP),
    RARE(coro, parent_coro_id, ID, KEEP),
    COLUMN(coro, await_site_id, ID32, KEEP),
    COLUMN(coro, began_ns, OPT, KEEP),
    COLUMN(coro, ended_ns, OPT, KEEP),
    COLUMN(coro, code, OPT, KEEP),
    RARE(coro, facts, COUNT, OR),
};
static const struct leash__column task_columns[] = {
    ID(task),
    COLUMN(task, coro_id, ID, KEEP),
    RARE(task, name, TEXT, LAST),
    COLUMN(task, site_id, ID32, KEEP),
    COLUMN(task, coro_site_id, ID32, KEEP),
    COLUMN(task, creator_task_id, ID, KEEP),
    COLUMN(task, loop_id, ID, KEEP),
    COLUMN(task, thread_id, ID32, KEEP),
    COLUMN(task, argument, ID, KEEP),
    RARE(task, function_frame_id, ID, KEEP),
    RARE(task, stack_id, ID, KEEP),
    COLUMN(task, created_ns, OPT, KEEP),
    COLUMN(task, began_ns, OPT, KEEP),
    COLUMN(task, ended_ns, OPT, KEEP),
    WORD(task, state, STATE, state_words),
    COLUMN(task, code, OPT, KEEP),
    RARE(task, failure_id, ID, KEEP),
    RARE(task, daemon, FLAG, OR),
    RARE(task, detached, FLAG, OR),
    RARE(task, facts, COUNT, OR),
    RARE(task, lost_ns, OPT, LAST),
    RARE(task, held_ns, OPT, LAST),
    RARE(task, exit_await_id, ID, KEEP),
    RARE(task, steps, ID, SUM),
    RARE(task, run_ns, ID, SUM),
    RARE(task, exit_stack_id, ID, KEEP),
    RARE(task, keeper_task_id, ID, LAST),
};
static const struct leash__column future_columns[] = {
    ID(future),
    RARE(future, name, TEXT, LAST),
    COLUMN(future, site_id, ID32, KEEP),
    COLUMN(future, creator_task_id, ID, KEEP),
    COLUMN(future, thread_id, ID32, KEEP),
    RARE(future, stack_id, ID, KEEP),
    COLUMN(future, created_ns, OPT, KEEP),
    COLUMN(future, ended_ns, OPT, KEEP),
    WORD(future, state, STATE, state_words),
    COLUMN(future, code, OPT, KEEP),
    RARE(future, failure_id, ID, KEEP),
    RARE(future, detached, FLAG, OR),
    RARE(future, facts, COUNT, OR),
};
static const struct leash__column object_columns[] = {
    ID(object),
    WORD(object, kind, KEEP, object_words),
    RARE(object, name, TEXT, LAST),
    COLUMN(object, site_id, ID32, KEEP),
    COLUMN(object, creator_task_id, ID, KEEP),
    COLUMN(object, created_ns, OPT, KEEP),
    COLUMN(object, ended_ns, OPT, KEEP),
    COLUMN(object, code, OPT, KEEP),
    RARE(object, capacity, OPT, LAST),
    RARE(object, facts, COUNT, OR),
    RARE(object, stack_id, ID, KEEP),
    RARE(object, first_use_stack_id, ID, KEEP),
};
static const struct leash__column child_columns[] = {
    COLUMN(child, object_id, COUNT, KEEP),
    COLUMN(child, position, COUNT, KEEP),
    WORD(child, member_kind, KEEP, subject_words),
    COLUMN(child, member_id, COUNT, KEEP),
};
static const struct leash__column await_columns[] = {
    ID(await),
    COLUMN(await, task_id, COUNT, KEEP),
    RARE(await, coro_id, ID, KEEP),
    WORD(await, target_kind, KEEP, subject_words),
    COLUMN(await, target_id, ID, KEEP),
    RARE(await, sleep_us, OPT, KEEP),
    COLUMN(await, site_id, ID32, KEEP),
    COLUMN(await, began_ns, OPT, KEEP),
    COLUMN(await, ended_ns, OPT, KEEP),
    RARE(await, code, OPT, KEEP),
};
static const struct leash__column cancel_columns[] = {
    ID(cancel),
    WORD(cancel, subject_kind, KEEP, subject_words),
    COLUMN(cancel, subject_id, COUNT, KEEP),
    COLUMN(cancel, by_task_id, ID, KEEP),
    WORD(cancel, origin, KEEP, origin_words),
    COLUMN(cancel, object_id, ID, KEEP),
    COLUMN(cancel, site_id, ID32, KEEP),
    COLUMN(cancel, message, TEXT, KEEP),
    COLUMN(cancel, at_ns, OPT, KEEP),
    COLUMN(cancel, delivered_ns, OPT, KEEP),
    COLUMN(cancel, uncancelled_ns, OPT, KEEP),
};
static const struct leash__column claim_columns[] = {
    ID(claim),
    WORD(claim, subject_kind, KEEP, subject_words),
    COLUMN(claim, subject_id, COUNT, KEEP),
    WORD(claim, op, KEEP, claim_words),
    COLUMN(claim, site_id, ID32, KEEP),
    COLUMN(claim, at_ns, OPT, KEEP),
};
static const struct leash__column failure_columns[] = {
    ID(failure),
    WORD(failure, subject_kind, KEEP, subject_words),
    COLUMN(failure, subject_id, COUNT, KEEP),
    COLUMN(failure, code, OPT, KEEP),
    COLUMN(failure, message, TEXT, KEEP),
    COLUMN(failure, site_id, ID32, KEEP),
    COLUMN(failure, at_ns, OPT, KEEP),
};
static const struct leash__column scan_columns[] = {
    ID(scan),
    COLUMN(scan, thread_id, ID32, KEEP),
    COLUMN(scan, at_ns, OPT, KEEP),
    COLUMN(scan, candidates, COUNT, SUM),
    COLUMN(scan, complete, OPT, LAST),
    WORD(scan, reason, LAST, scan_words),
    COLUMN(scan, bytes, COUNT, SUM),
    COLUMN(scan, pause_ns, COUNT, SUM),
    COLUMN(scan, lost, COUNT, SUM),
};
static const struct leash__column misuse_columns[] = {
    ID(misuse),
    WORD(misuse, kind, KEEP, misuse_words),
    COLUMN(misuse, thread_id, ID32, KEEP),
    COLUMN(misuse, task_id, ID, KEEP),
    COLUMN(misuse, site_id, ID32, KEEP),
    COLUMN(misuse, message, TEXT, KEEP),
    COLUMN(misuse, at_ns, OPT, KEEP),
    COLUMN(misuse, stack_id, ID, KEEP),
};
static const struct leash__column step_columns[] = {
    ID(step),
    COLUMN(step, task_id, COUNT, KEEP),
    COLUMN(step, began_ns, OPT, KEEP),
    COLUMN(step, ended_ns, OPT, KEEP),
};
static const struct leash__column hold_columns[] = {
    ID(hold),
    COLUMN(hold, object_id, COUNT, KEEP),
    COLUMN(hold, task_id, COUNT, KEEP),
    COLUMN(hold, site_id, ID32, KEEP),
    COLUMN(hold, began_ns, OPT, KEEP),
    COLUMN(hold, ended_ns, OPT, KEEP),
};
static const struct leash__column object_op_columns[] = {
    ID(object_op),
    COLUMN(object_op, object_id, COUNT, KEEP),
    WORD(object_op, op, KEEP, op_words),
    COLUMN(object_op, task_id, ID, KEEP),
    COLUMN(object_op, site_id, ID32, KEEP),
    COLUMN(object_op, at_ns, OPT, KEEP),
};
static const struct leash__column block_columns[] = {
    ID(block),
    COLUMN(block, loop_id, ID, KEEP),
    COLUMN(block, task_id, ID, KEEP),
    WORD(block, kind, LAST, block_words),
    WORD(block, state, LAST, block_state_words),
    COLUMN(block, stack_id, ID, KEEP),
    COLUMN(block, noticed_ns, OPT, KEEP),
    COLUMN(block, ended_ns, OPT, KEEP),
    COLUMN(block, lasted_us, ID, LAST),
    COLUMN(block, late, COUNT, OR),
};
static const struct leash__column late_columns[] = {
    COLUMN(late, block_id, COUNT, KEEP),
    COLUMN(late, task_id, COUNT, KEEP),
};
static const struct leash__column deadlock_columns[] = {
    ID(deadlock),
    COLUMN(deadlock, loop_id, ID, KEEP),
    WORD(deadlock, kind, LAST, deadlock_words),
    COLUMN(deadlock, at_ns, OPT, KEEP),
    COLUMN(deadlock, over_ns, OPT, LAST),
    WORD(deadlock, how, LAST, deadlock_end_words),
};
static const struct leash__column deadlock_task_columns[] = {
    COLUMN(deadlock_task, deadlock_id, COUNT, KEEP), COLUMN(deadlock_task, task_id, COUNT, KEEP),
    COLUMN(deadlock_task, position, COUNT, KEEP),    COLUMN(deadlock_task, await_id, ID, KEEP),
    COLUMN(deadlock_task, hold_site_id, ID32, KEEP),
};
static const struct leash__column site_stat_columns[] = {
    FIELD(site_stat, "site_id", row.id, COUNT, KEEP, 0),
    COLUMN(site_stat, tasks, COUNT, SUM),
    COLUMN(site_stat, coros, COUNT, SUM),
    COLUMN(site_stat, pending, COUNT, SUM),
    COLUMN(site_stat, failed, COUNT, SUM),
    COLUMN(site_stat, cancelled, COUNT, SUM),
    COLUMN(site_stat, awaits, COUNT, SUM),
    COLUMN(site_stat, wait_ns, COUNT, SUM),
    COLUMN(site_stat, life_ns, COUNT, SUM),
    COLUMN(site_stat, max_life_ns, COUNT, LAST),
};
static const struct leash__column drain_columns[] = {
    FIELD(drain, "thread_id", row.id, COUNT, KEEP, 0),
    COLUMN(drain, sequence, COUNT, LAST),
    COLUMN(drain, slot, COUNT, LAST),
    COLUMN(drain, last_ns, COUNT, LAST),
};
static const struct leash__column test_scope_columns[] = {
    ID(test_scope),
    COLUMN(test_scope, name, TEXT, KEEP),
    COLUMN(test_scope, up_id, ID, KEEP),
    COLUMN(test_scope, thread_id, ID32, KEEP),
    COLUMN(test_scope, site_id, ID32, KEEP),
    COLUMN(test_scope, began_ns, OPT, KEEP),
    COLUMN(test_scope, ended_ns, OPT, LAST),
    COLUMN(test_scope, findings, OPT, LAST),
};
static const struct leash__column test_member_columns[] = {
    WORD(test_member, subject_kind, KEEP, subject_words),
    COLUMN(test_member, subject_id, COUNT, KEEP),
    COLUMN(test_member, test_id, COUNT, KEEP),
};

#define KIND(table, ids, open)                                                                                         \
    [LEASH__T_##table] = {                                                                                             \
        #table, LEASH__##ids, sizeof(struct leash__##table), table##_columns, COUNT_OF(table##_columns), open}

const struct leash__table_kind leash__table_kinds[LEASH__T_COUNT] = {
    KIND(site, KEYED, NULL),
    KIND(thread, KEYED, NULL),
    KIND(module, KEYED, NULL),
    KIND(frame, NUMBERED, "true"),
    KIND(stack, KEYED, NULL),
    KIND(stack_frame, LISTED, NULL),
    KIND(loop, KEYED, "ended_ns IS NULL"),
    KIND(coro, KEYED, "ended_ns IS NULL OR created_ns IS NULL"),
    KIND(task, KEYED, "ended_ns IS NULL"),
    KIND(future, KEYED, "ended_ns IS NULL"),
    KIND(object, KEYED, "ended_ns IS NULL"),
    KIND(child, LISTED, NULL),
    KIND(await, NUMBERED, "ended_ns IS NULL"),
    KIND(cancel, NUMBERED,
         "id > (SELECT max(id) - 16 FROM main.cancel) OR ((delivered_ns IS NULL OR uncancelled_ns IS NULL) AND "
         "subject_kind = 'task' AND subject_id IN (SELECT id FROM main.task WHERE ended_ns IS NULL))"),
    KIND(claim, NUMBERED, NULL),
    KIND(failure, NUMBERED, "code IS NULL"),
    KIND(scan, KEYED, NULL),
    KIND(misuse, NUMBERED, NULL),
    KIND(step, NUMBERED, "ended_ns IS NULL"),
    KIND(hold, NUMBERED, "ended_ns IS NULL"),
    KIND(object_op, NUMBERED, NULL),
    KIND(block, KEYED, "ended_ns IS NULL OR noticed_ns IS NULL"),
    KIND(late, LISTED, NULL),
    KIND(deadlock, KEYED, "over_ns IS NULL"),
    KIND(deadlock_task, LISTED, NULL),
    KIND(site_stat, KEYED, "true"),
    KIND(drain, KEYED, "true"),
    KIND(test_scope, KEYED, "ended_ns IS NULL"),
    KIND(test_member, LISTED, NULL),
};
