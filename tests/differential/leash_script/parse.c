/* Lines into bodies, blocks and ops. What the words of an op mean is looked at afterwards (resolve.c), since a name may
 * be used before its declaration. */
#include "memory.h"
#include "parse.h"
#include <limits.h>
#include <string.h>

struct parser {
    struct script *script;
    FILE *errors;
    unsigned line;
    struct block *open; /* where the next op goes; NULL before the first `coro` */
    char **words;       /* of the current line */
    size_t count, room;
};

#define REFUSE(parser, ...) script_refuse((parser)->script, (parser)->errors, (parser)->line, __VA_ARGS__)

/* Python's blanks. */
static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

static void split(struct parser *parser, char *line)
{
    parser->count = 0;
    line[strcspn(line, "#")] = 0;
    for (;;) {
        while (is_blank(*line))
            *line++ = 0;
        if (!*line)
            return;
        if (parser->count == parser->room) {
            parser->room = parser->room ? 2 * parser->room : 16;
            parser->words = must_grow(parser->words, parser->room * sizeof(*parser->words));
        }
        parser->words[parser->count++] = line;
        while (*line && !is_blank(*line))
            line++;
    }
}

static const struct declaration {
    const char *name;
    enum operand_kind kind;
    bool sized;
} declarations[] = {
    {"mutex", OPERAND_LOCK, false},          {"semaphore", OPERAND_SEMAPHORE, true}, {"event", OPERAND_EVENT, false},
    {"condition", OPERAND_CONDITION, false}, {"queue", OPERAND_QUEUE, true},         {"barrier", OPERAND_BARRIER, true},
};

static const struct declaration *find_declaration(const char *name)
{
    for (size_t i = 0; i < sizeof(declarations) / sizeof(*declarations); i++)
        if (!strcmp(declarations[i].name, name))
            return &declarations[i];
    return NULL;
}

static int at_most_int(uint64_t number)
{
    return number < INT_MAX ? (int)number : INT_MAX;
}

static void init_primitive(struct primitive *primitive)
{
    switch (primitive->kind) {
    case OPERAND_SEMAPHORE:
        leash_semaphore_init(&primitive->as.semaphore, primitive->name, at_most_int(primitive->size));
        break;
    case OPERAND_EVENT:
        leash_event_init(&primitive->as.event, primitive->name);
        break;
    case OPERAND_CONDITION:
        leash_condition_init(&primitive->as.condition, primitive->name);
        break;
    case OPERAND_QUEUE:
        leash_queue_init(&primitive->as.queue, primitive->name, primitive->size);
        break;
    case OPERAND_BARRIER:
        leash_barrier_init(&primitive->as.barrier, primitive->name, at_most_int(primitive->size));
        break;
    default:
        leash_lock_init(&primitive->as.mutex, primitive->name);
    }
}

static bool read_declaration(struct parser *parser, const struct declaration *declaration)
{
    char **words = parser->words;
    if (parser->count != (declaration->sized ? 3 : 2) || (declaration->sized && !script_is_number(words[2])))
        return REFUSE(parser, "bad declaration: %s NAME%s", words[0], declaration->sized ? " SIZE" : "");
    if (script_primitive(parser->script, words[1]))
        return REFUSE(parser, "a second primitive %s", words[1]);
    struct primitive *primitive = must_alloc(sizeof(*primitive));
    primitive->next = parser->script->primitives;
    primitive->name = words[1];
    primitive->kind = declaration->kind;
    primitive->size = declaration->sized ? script_number(words[2]) : 0;
    parser->script->primitives = primitive;
    init_primitive(primitive);
    return true;
}

static bool read_coro(struct parser *parser)
{
    if (parser->open && parser->open->opener)
        return REFUSE(parser, "coro inside a block: the %s of line %u has no end", parser->open->opener->type->name,
                      parser->open->opener->line);
    if (parser->count != 2)
        return REFUSE(parser, "coro takes a name");
    if (script_body(parser->script, parser->words[1]))
        return REFUSE(parser, "a second coro %s", parser->words[1]);
    struct body *body = must_alloc(sizeof(*body));
    body->name = parser->words[1];
    body->next = parser->script->bodies;
    parser->script->bodies = body;
    parser->open = &body->block;
    return true;
}

static bool read_end(struct parser *parser)
{
    if (!parser->open || !parser->open->opener)
        return REFUSE(parser, "end without a block");
    if (parser->count != 1)
        return REFUSE(parser, "end takes no word");
    parser->open = parser->open->opener->outer;
    return true;
}

static void append(struct parser *parser, struct op *op)
{
    struct script *script = parser->script;
    op->outer = parser->open;
    *(parser->open->last ? &parser->open->last->next : &parser->open->first) = op;
    parser->open->last = op;
    *(script->last_op ? &script->last_op->after : &script->ops) = op;
    script->last_op = op;
    if (op->type->flags & OP_BLOCK) {
        op->inner.opener = op;
        parser->open = &op->inner;
    }
}

static bool read_op(struct parser *parser)
{
    bool caught = parser->words[0][0] == '?';
    const char *name = parser->words[0] + caught;
    if (!parser->open)
        return REFUSE(parser, "an op outside a body");
    const struct op_type *type = op_type_find(name);
    if (!type)
        return REFUSE(parser, "unknown op %s", name);
    size_t count = parser->count - 1;
    struct op *op = must_alloc(sizeof(*op) + count * sizeof(op->words[0]));
    op->type = type;
    op->line = parser->line;
    op->caught = caught;
    op->count = count;
    for (size_t i = 0; i < count; i++)
        op->words[i].text = parser->words[i + 1];
    append(parser, op);
    return true;
}

static bool read_line(struct parser *parser, char *line)
{
    split(parser, line);
    if (!parser->count)
        return true;
    const struct declaration *declaration = find_declaration(parser->words[0]);
    if (!strcmp(parser->words[0], "coro"))
        return read_coro(parser);
    if (declaration)
        return read_declaration(parser, declaration);
    if (!strcmp(parser->words[0], "end"))
        return read_end(parser);
    return read_op(parser);
}

static bool read_all_lines(struct parser *parser)
{
    for (char *line = parser->script->text; *line;) {
        size_t length = strcspn(line, "\r\n");
        char *next = line + length;
        if (*next == '\r' && next[1] == '\n')
            *next++ = 0;
        if (*next)
            *next++ = 0;
        parser->line++;
        if (!read_line(parser, line))
            return false;
        line = next;
    }
    if (parser->open && parser->open->opener)
        return REFUSE(parser, "the %s of line %u has no end", parser->open->opener->type->name,
                      parser->open->opener->line);
    if (!script_body(parser->script, "main"))
        return REFUSE(parser, "no coro main");
    return true;
}

bool script_parse(struct script *script, FILE *errors)
{
    struct parser parser = {.script = script, .errors = errors};
    bool good = read_all_lines(&parser);
    free(parser.words);
    return good;
}
