/* Ops that open a block. */
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

int op_repeat(struct frame *frame, const struct op *op)
{
    for (uint64_t i = 0; i < op->words[0].number; i++) {
        int rc = run_block(frame, &op->inner);
        if (rc < 0 || rc == RAN_RETURN)
            return rc;
    }
    return RAN_SILENT;
}
