/* Ops that open a block, and what adds to one. */
#include "coros.h"
#include "op.h"

int op_timeout(struct frame *frame, const struct op *op)
{
    leash_timeout_t scope = leash_timeout_begin((double)op->words[0].number);
    if (!scope)
        run_broken("leash_timeout_begin: %s", leash_last_error());
    int ran = run_block(frame, &op->inner);
    int rc = leash_timeout_end(scope, ran < 0 ? ran : 0);
    run_value(frame, NULL);
    return rc < 0 ? rc : ran;
}

int op_group(struct frame *frame, const struct op *op)
{
    leash_group_t group = leash_group_begin();
    if (!group)
        run_broken("leash_group_begin: %s", leash_last_error());
    var_write(op->words[0].var, THING_GROUP, group, NULL);
    int ran = run_block(frame, &op->inner);
    int rc = leash_group_end(group, ran < 0 ? ran : 0);
    run_value(frame, NULL);
    if (leash_group_failures(group, NULL, 0) > 0)
        return leash_fail(RUN_GROUP_FAILED, "group");
    return rc < 0 ? rc : ran;
}

int op_group_spawn(struct frame *frame, const struct op *op)
{
    struct var *var = op->words[0].var;
    if (!op_takes(var, TAKES_GROUP))
        return -EINVAL;
    struct coro *coro = coro_make(frame->run, op->words[2].body);
    leash_task_t task = leash_group_create_task((leash_group_t)var->handle, coro->object);
    if (!task)
        return -EINVAL;
    coro_to_task(coro);
    coro_met(coro, task);
    var_write(op->words[1].var, THING_TASK, task, coro);
    return RAN_SILENT;
}

int op_repeat(struct frame *frame, const struct op *op)
{
    for (uint64_t i = 0; i < op->words[0].number; i++) {
        int rc = run_block(frame, &op->inner);
        if (rc < 0 || rc == RAN_RETURN)
            return rc;
    }
    return RAN_SILENT;
}
