#include "ops.h"
#include <string.h>

static const struct op_type types[] = {
#define X(id, name, flags, ...) {OP_##id, name, flags, {__VA_ARGS__}},
    SCRIPT_OPS(X)
#undef X
};

const struct op_type *op_type_find(const char *name)
{
    for (size_t i = 0; i < OP_COUNT; i++)
        if (!strcmp(types[i].name, name))
            return &types[i];
    return NULL;
}

size_t op_type_words(const struct op_type *type)
{
    size_t words = 0;
    while (type->operands[words] != OPERAND_NONE)
        words++;
    return words;
}

enum operand_kind op_type_operand(const struct op_type *type, size_t index)
{
    size_t words = op_type_words(type);
    if (index < words)
        return type->operands[index];
    return type->flags & OP_REST ? type->operands[words - 1] : OPERAND_NONE;
}

const char *operand_kind_name(enum operand_kind kind)
{
    static const char *const names[] = {
        [OPERAND_NONE] = "nothing",
        [OPERAND_WORD] = "word",
        [OPERAND_NUMBER] = "number",
        [OPERAND_VAR] = "variable",
        [OPERAND_BODY] = "declared body",
        [OPERAND_ANY] = "variable or body",
        [OPERAND_MODE] = "mode",
        [OPERAND_LIMIT] = "number or -",
        [OPERAND_LOCK] = "declared mutex or condition",
        [OPERAND_SEMAPHORE] = "declared semaphore",
        [OPERAND_EVENT] = "declared event",
        [OPERAND_CONDITION] = "declared condition",
        [OPERAND_QUEUE] = "declared queue",
        [OPERAND_BARRIER] = "declared barrier",
    };
    return names[kind];
}
