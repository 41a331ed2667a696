/* What the words of the ops mean, once every body and primitive is known. */
#include "memory.h"
#include "parse.h"
#include <string.h>

static struct var *get_var(struct script *script, const char *name)
{
    for (struct var *var = script->vars; var; var = var->next)
        if (!strcmp(var->name, name))
            return var;
    struct var *var = must_alloc(sizeof(*var));
    var->name = name;
    var->next = script->vars;
    return script->vars = var;
}

static bool resolve_mode(struct operand *word)
{
    static const char *const modes[] = {
        [LEASH_FIRST_COMPLETED] = "first", [LEASH_FIRST_FAILURE] = "failure", [LEASH_ALL_COMPLETED] = "all"};
    for (unsigned mode = 0; mode < 3; mode++) {
        if (!strcmp(word->text, modes[mode])) {
            word->mode = (enum leash_when)mode;
            return true;
        }
    }
    return false;
}

static bool resolve_number(struct operand *word)
{
    if (!script_is_number(word->text))
        return false;
    word->number = script_number(word->text);
    return true;
}

static bool resolve_primitive(const struct script *script, struct operand *word, enum operand_kind kind)
{
    struct primitive *primitive = script_primitive(script, word->text);
    word->primitive = primitive;
    return primitive && (primitive->kind == kind || (kind == OPERAND_LOCK && primitive->kind == OPERAND_CONDITION));
}

static bool resolve(struct script *script, struct operand *word, enum operand_kind kind)
{
    switch (kind) {
    case OPERAND_NONE:
        return false;
    case OPERAND_WORD:
        return true;
    case OPERAND_NUMBER:
        return resolve_number(word);
    case OPERAND_LIMIT:
        word->none = !strcmp(word->text, "-");
        return word->none || resolve_number(word);
    case OPERAND_MODE:
        return resolve_mode(word);
    case OPERAND_VAR:
        word->var = get_var(script, word->text);
        return true;
    case OPERAND_BODY:
        return (word->body = script_body(script, word->text)) != NULL;
    case OPERAND_ANY:
        word->var = get_var(script, word->text);
        word->body = script_body(script, word->text);
        return true;
    case OPERAND_LOCK:
    case OPERAND_SEMAPHORE:
    case OPERAND_EVENT:
    case OPERAND_CONDITION:
    case OPERAND_QUEUE:
    case OPERAND_BARRIER:
        return resolve_primitive(script, word, kind);
    }
    return false;
}

static bool resolve_op(struct script *script, FILE *errors, struct op *op)
{
    size_t least = op_type_words(op->type);
    if (op->count < least)
        return script_refuse(script, errors, op->line, "%s lacks a word: a %s", op->type->name,
                             operand_kind_name(op->type->operands[op->count]));
    for (size_t i = 0; i < op->count; i++) {
        enum operand_kind kind = op_type_operand(op->type, i);
        if (kind == OPERAND_NONE)
            return script_refuse(script, errors, op->line, "%s has a word too many: %s", op->type->name,
                                 op->words[i].text);
        if (!resolve(script, &op->words[i], kind))
            return script_refuse(script, errors, op->line, "%s: %s is no %s", op->type->name, op->words[i].text,
                                 operand_kind_name(kind));
    }
    return true;
}

bool script_resolve(struct script *script, FILE *errors)
{
    for (struct op *op = script->ops; op; op = op->after)
        if (!resolve_op(script, errors, op))
            return false;
    return true;
}
