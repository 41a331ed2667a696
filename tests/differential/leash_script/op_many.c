/* Ops that wait for several things, and log lists. */
#include "op.h"
#include <errno.h>

static void list_begin(struct frame *frame)
{
    text_clear(&frame->run->value);
    text_add(&frame->run->value, "[");
}

static void list_add(struct frame *frame, const char *sign, const char *word)
{
    struct text *value = &frame->run->value;
    text_add(value, value->length == 1 ? "" : " ");
    text_add(value, sign);
    text_add(value, word);
}

static void list_end(struct frame *frame)
{
    text_add(&frame->run->value, "]");
}

static void log_outcomes(struct frame *frame, const leash_awaitable_t *items, const struct leash_outcome *outcomes,
                         size_t count)
{
    list_begin(frame);
    for (size_t i = 0; i < count; i++) {
        if (outcomes[i].rc < 0)
            list_add(frame, "!", op_failure_text(frame, items[i], outcomes[i].rc));
        else
            list_add(frame, "=", outcomes[i].result ? outcomes[i].result : "-");
    }
    list_end(frame);
}

/* gather goes by way of its future, gather_all by the form that blocks: the two are to be one. */
int op_gather(struct frame *frame, const struct op *op)
{
    leash_awaitable_t *items;
    void *outcomes = NULL;
    int rc = op_operands(frame, op->words, op->count, &items);
    if (rc < 0)
        return rc;
    leash_future_t outer = leash_gather_array(items, op->count, 0);
    if (!outer)
        run_broken("leash_gather_array: %s", leash_last_error());
    rc = leash_await(outer, &outcomes);
    if (rc < 0)
        return op_failed(frame, outer, rc);
    log_outcomes(frame, items, outcomes, op->count);
    return RAN_VALUE;
}

int op_gather_all(struct frame *frame, const struct op *op)
{
    leash_awaitable_t *items;
    int rc = op_operands(frame, op->words, op->count, &items);
    if (rc < 0)
        return rc;
    struct leash_outcome *outcomes = arena_alloc(&frame->run->arena, op->count * sizeof(*outcomes));
    rc = leash_gather_wait_array(items, op->count, LEASH_RETURN_FAILURES, outcomes);
    if (rc < 0)
        return op_failed(frame, NULL, rc);
    log_outcomes(frame, items, outcomes, op->count);
    return RAN_VALUE;
}

static void log_waited(struct frame *frame, const struct operand *words, const unsigned char *done, size_t count)
{
    list_begin(frame);
    list_add(frame, "=", "done");
    for (size_t i = 0; i < count; i++)
        if (done[i])
            list_add(frame, "=", words[i].text);
    list_add(frame, "=", "pending");
    for (size_t i = 0; i < count; i++)
        if (!done[i])
            list_add(frame, "=", words[i].text);
    list_end(frame);
}

int op_wait(struct frame *frame, const struct op *op)
{
    const struct operand *mode = &op->words[0], *limit = &op->words[1], *words = &op->words[2];
    size_t count = op->count - 2;
    leash_awaitable_t *items;
    for (size_t i = 0; i < count; i++)
        if (!op_takes(words[i].var, TAKES_TASK | TAKES_FUTURE))
            return -EINVAL;
    items = arena_alloc(&frame->run->arena, count * sizeof(*items));
    for (size_t i = 0; i < count; i++)
        items[i] = words[i].var->handle;
    unsigned char *done = arena_alloc(&frame->run->arena, count);
    int rc = leash_wait(items, count, mode->mode, limit->none ? -1 : (double)limit->number, done);
    if (rc < 0)
        return op_failed(frame, NULL, rc);
    log_waited(frame, words, done, count);
    return RAN_VALUE;
}
