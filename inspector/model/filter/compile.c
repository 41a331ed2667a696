/* From the tree to an expression. Each condition is made true or false, never NULL, so that "not" means what it says
 * for rows that lack what is asked for. */
#include "alloc.h"
#include "search.h"
#include "suggest.h"
#include "tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct compiler {
    struct filter *filter;
    struct filter_error *error;
};

static const char *const bare_fields[] = {"name", "coro", "site", "err"};

/* ---- parameters ---- */

static struct filter_parameter *new_parameter(struct compiler *compiler)
{
    struct filter *filter = compiler->filter;
    X_GROW(filter->parameters, filter->parameters_count, filter->parameters_capacity);
    struct filter_parameter *parameter = &filter->parameters[filter->parameters_count++];
    *parameter = (struct filter_parameter){0};
    return parameter;
}

/* Adds "?n". */
static void add_text(struct compiler *compiler, const char *text, struct buffer *sql)
{
    new_parameter(compiler)->text = text;
    buffer_format(sql, "?%zu", compiler->filter->parameters_count);
}

static void add_number(struct compiler *compiler, int64_t number, struct buffer *sql)
{
    struct filter_parameter *parameter = new_parameter(compiler);
    parameter->text = arena_format(&compiler->filter->memory, "%" PRId64, number);
    parameter->number = number;
    parameter->is_number = true;
    buffer_format(sql, "?%zu", compiler->filter->parameters_count);
}

/* The test stands in `around` where the % is. */
static void add_around(const char *around, const char *test, struct buffer *sql)
{
    const char *hole = around ? strchr(around, '%') : NULL;
    if (!hole) {
        buffer_add(sql, test);
        return;
    }
    buffer_add_bytes(sql, around, (size_t)(hole - around));
    buffer_add(sql, test);
    buffer_add(sql, hole + 1);
}

/* ---- texts ---- */

static const char *const function_of[] = {[SEARCH_WORD] = "leash_word",
                                          [SEARCH_GLOB] = "leash_glob",
                                          [SEARCH_PATH] = "leash_path",
                                          [SEARCH_REGEX] = "leash_regex"};

static bool check_pattern(struct compiler *compiler, enum search_kind kind, const struct filter_typed *value)
{
    char why[128];
    struct search *search = search_new(kind, value->text, why, sizeof why);
    search_free(search);
    return search || filter_fail(compiler->error, value->at, "%s: %s",
                                 kind == SEARCH_REGEX ? "no regular expression" : "too long", why);
}

static void add_pattern(struct compiler *compiler, const struct list_source *source, enum search_kind kind,
                        const char *text, struct buffer *sql)
{
    struct buffer test = {0};
    buffer_format(&test, "%s(", function_of[kind]);
    add_text(compiler, text, &test);
    buffer_format(&test, ", %s)", source->value);
    add_around(source->around, buffer_text(&test), sql);
    buffer_free(&test);
}

/* Any of the field's texts; an empty one is wanted: none of them is there. */
static void add_equal(struct compiler *compiler, const struct list_field *field, const char *text, struct buffer *sql)
{
    if (!*text)
        buffer_add(sql, "(");
    for (size_t i = 0; i < LIST_SOURCES && field->sources[i].value; i++) {
        struct buffer test = {0};
        buffer_format(&test, *text ? "(%s) = " : "(%s) <> ", field->sources[i].value);
        add_text(compiler, text, &test);
        buffer_add(sql, i ? " OR " : "");
        add_around(field->sources[i].around, buffer_text(&test), sql);
        buffer_free(&test);
    }
    if (!*text)
        buffer_add(sql, ") IS NOT TRUE");
}

static void add_matches(struct compiler *compiler, const struct list_field *field, enum search_kind kind,
                        const char *text, struct buffer *sql)
{
    for (size_t i = 0; i < LIST_SOURCES && field->sources[i].value; i++) {
        buffer_add(sql, i ? " OR " : "");
        add_pattern(compiler, &field->sources[i], kind, text, sql);
    }
}

/* No word that the field knows matches. */
static bool is_doubtful(const struct list_field *field, enum filter_operator operator,
                        const struct filter_typed * value)
{
    char why[128];
    bool known = false;
    struct search *search = operator== FILTER_IS ? search_new(SEARCH_GLOB, value->text, why, sizeof why) : NULL;
    for (size_t i = 0; !known && field->words(i); i++)
        known = search ? search_matches(search, field->words(i)) : strcmp(value->text, field->words(i)) == 0;
    search_free(search);
    return !known;
}

static void doubt(struct compiler *compiler, const struct list_field *field, enum filter_operator operator,
                  const struct filter_typed * value)
{
    struct filter *filter = compiler->filter;
    struct suggestion near;
    if (!field->words ||
        filter->doubt || operator== FILTER_LIKE || !* value->text || !is_doubtful(field, operator, value))
        return;
    suggest_begin(&near, value->text);
    for (size_t i = 0; field->words(i); i++)
        suggest_offer(&near, field->words(i));
    filter->doubt =
        arena_format(&filter->memory, near.best ? "no %s is \"%s\"; did you mean \"%s\"?" : "no %s is \"%s\"",
                     field->name, value->text, near.best);
}

static bool add_value_text(struct compiler *compiler, const struct filter_node *term, const struct filter_typed *value,
                           struct buffer *sql)
{
    const struct list_field *field = term->field;
    enum search_kind kind = term->operator== FILTER_LIKE ? SEARCH_REGEX
                            : field->kind == LIST_PATH   ? SEARCH_PATH
                                                         : SEARCH_GLOB;
    doubt(compiler, field, term->operator, value);
    if (term->operator== FILTER_EQUAL || term->operator== FILTER_NOT_EQUAL) {
        add_equal(compiler, field, value->text, sql);
        return true;
    }
    if (term->operator!= FILTER_IS && term->operator!= FILTER_LIKE)
        return filter_fail(compiler->error, value->at, "\"%s\" is a text: it takes : = != and ~", field->name);
    add_matches(compiler, field, kind, value->text, sql);
    return check_pattern(compiler, kind, value);
}

/* ---- numbers ---- */

static const char *const comparisons[] = {
    [FILTER_EQUAL] = "=",       [FILTER_NOT_EQUAL] = "=", [FILTER_LESS] = "<",
    [FILTER_LESS_EQUAL] = "<=", [FILTER_MORE] = ">",      [FILTER_MORE_EQUAL] = ">="};

static bool is_comparison(enum filter_operator operator)
{
    return operator>= FILTER_EQUAL && operator<= FILTER_MORE_EQUAL;
}

static void add_compared(struct compiler *compiler, const struct list_field *field, enum filter_operator operator,
                         struct filter_range range, struct buffer *sql)
{
    struct buffer test = {0};
    if (is_comparison(operator) || range.low == range.high) {
        buffer_format(&test, "(%s) %s ", field->number, is_comparison(operator) ? comparisons[operator] : "=");
        add_number(compiler, range.low, &test);
    } else {
        buffer_format(&test, "(%s) BETWEEN ", field->number);
        add_number(compiler, range.low, &test);
        buffer_add(&test, " AND ");
        add_number(compiler, range.high, &test);
    }
    add_around(field->around, buffer_text(&test), sql);
    buffer_free(&test);
}

static bool add_value_number(struct compiler *compiler, const struct filter_node *term,
                             const struct filter_typed *value, struct buffer *sql)
{
    bool is_time = term->field->kind == LIST_DURATION;
    struct filter_range range;
    if (term->operator== FILTER_LIKE)
        return filter_fail(compiler->error, value->at,
                           "\"%s\" is a %s: it takes : = != < <= > and >=", term->field->name,
                           is_time ? "time" : "number");
    if (!filter_range(value->text, is_time ? filter_time : filter_number, &range))
        return filter_fail(compiler->error, value->at,
                           is_time ? "\"%.40s\" is no time: it takes one like 100ms, 1.5s or 1s..2s"
                                   : "\"%.40s\" is no number: it takes one like 12 or 5..9",
                           value->text);
    if (is_comparison(term->operator) && range.low != range.high)
        return filter_fail(compiler->error, value->at, "a range goes behind \"%s:\"", term->field->name);
    add_compared(compiler, term->field, term->operator, range, sql);
    return true;
}

static bool add_value_span(struct compiler *compiler, const struct filter_node *term, const struct filter_typed *value,
                           struct buffer *sql)
{
    const struct list_field *field = term->field;
    enum filter_operator operator= term->operator;
    struct filter_range range;
    if (operator== FILTER_LIKE || operator== FILTER_EQUAL || operator== FILTER_NOT_EQUAL)
        return filter_fail(compiler->error, value->at, "\"t\" takes a time or a range: t:1.2s..1.5s, t<2s");
    if (!filter_range(value->text, filter_time, &range) || (operator!= FILTER_IS && range.low != range.high))
        return filter_fail(compiler->error, value->at, "\"%.40s\" is no time: it takes one like 1.2s or 1.2s..1.5s",
                           value->text);
    if (operator== FILTER_LESS || operator== FILTER_LESS_EQUAL) {
        buffer_format(sql, "(%s) %s ", field->number, comparisons[operator]);
        add_number(compiler, range.low, sql);
        return true;
    }
    bool later = operator!= FILTER_IS;
    buffer_format(sql, "(%s) IS NOT NULL AND ifnull(%s, %" PRId64 ") %s ", field->number, field->until, INT64_MAX,
                  later ? comparisons[operator] : ">=");
    add_number(compiler, range.low, sql);
    if (later)
        return true;
    buffer_format(sql, " AND (%s) <= ", field->number);
    add_number(compiler, range.high, sql);
    return true;
}

/* ---- subjects ---- */

static const char *const kind_words[] = {[MODEL_TASK] = "task",     [MODEL_CORO] = "coro",   [MODEL_FUTURE] = "future",
                                         [MODEL_OBJECT] = "object", [MODEL_NONE] = "number", [MODEL_SLEEP] = "sleep"};

static bool add_id(struct compiler *compiler, const struct filter_node *term, const struct filter_typed *value,
                   struct model_ref ref, struct buffer *sql)
{
    const struct list_field *field = term->field;
    if (!field->subject && ref.kind && ref.kind != field->target)
        return filter_fail(compiler->error, value->at, "\"%s\" is a %s, not a %s", field->name,
                           kind_words[field->target], kind_words[ref.kind]);
    buffer_add(sql, "(");
    add_compared(compiler, field, term->operator,(struct filter_range){ref.id, ref.id}, sql);
    if (field->subject && ref.kind)
        buffer_format(sql, " AND %s = '%s'", field->subject, kind_words[ref.kind]);
    buffer_add(sql, ")");
    return true;
}

static bool add_value_ref(struct compiler *compiler, const struct filter_node *term, const struct filter_typed *value,
                          struct buffer *sql)
{
    struct model_ref ref;
    struct filter_range range;
    if (term->operator!= FILTER_LIKE && !value->quoted && filter_id(value->text, &ref))
        return add_id(compiler, term, value, ref, sql);
    if (term->operator== FILTER_IS && !value->quoted && filter_range(value->text, filter_number, &range)) {
        add_compared(compiler, term->field, term->operator, range, sql);
        return true;
    }
    if (term->operator== FILTER_LESS || term->operator== FILTER_MORE || term->operator== FILTER_LESS_EQUAL ||
        term->
        operator== FILTER_MORE_EQUAL || !term->field->sources[0]
            .value)
        return filter_fail(compiler->error, value->at, "\"%.40s\" is no id", value->text);
    return add_value_text(compiler, term, value, sql);
}

/* ---- terms and what holds them together ---- */

static bool add_value(struct compiler *compiler, const struct filter_node *term, const struct filter_typed *value,
                      struct buffer *sql)
{
    const struct list_field *field = term->field;
    bool none = strcmp(value->text, "none") == 0;
    if (field->any && term->operator== FILTER_IS && !value->quoted &&(none || strcmp(value->text, "any") == 0)) {
        buffer_format(sql, none ? "(%s) IS NOT TRUE" : "(%s)", field->any);
        return true;
    }
    switch (field->kind) {
    case LIST_NUMBER:
    case LIST_DURATION:
        return add_value_number(compiler, term, value, sql);
    case LIST_SPAN:
        return add_value_span(compiler, term, value, sql);
    case LIST_REF:
        return add_value_ref(compiler, term, value, sql);
    default:
        return add_value_text(compiler, term, value, sql);
    }
}

static bool add_bare(struct compiler *compiler, const struct filter_node *term, struct buffer *sql)
{
    enum search_kind kind = term->operator== FILTER_REGEX ? SEARCH_REGEX : SEARCH_WORD;
    const struct list *list = compiler->filter->list;
    bool some = false;
    for (size_t i = 0; i < sizeof bare_fields / sizeof *bare_fields; i++) {
        const struct list_field *field = list_field_named(list, bare_fields[i], strlen(bare_fields[i]));
        if (!field)
            continue;
        buffer_add(sql, some ? " OR " : "");
        add_matches(compiler, field, kind, term->values[0].text, sql);
        compiler->filter->joins |= field->joins;
        some = true;
    }
    return check_pattern(compiler, kind, &term->values[0]);
}

static bool add_term(struct compiler *compiler, const struct filter_node *term, struct buffer *sql)
{
    bool good = true;
    buffer_add(sql, "(");
    if (!term->field)
        good = add_bare(compiler, term, sql);
    for (size_t i = 0; term->field && good && i < term->values_count; i++) {
        buffer_add(sql, i ? " OR " : "");
        good = add_value(compiler, term, &term->values[i], sql);
    }
    if (term->field)
        compiler->filter->joins |= term->field->joins;
    buffer_add(sql, term->operator== FILTER_NOT_EQUAL ? ") IS NOT TRUE" : ") IS TRUE");
    return good;
}

static bool add_node(struct compiler *compiler, const struct filter_node *node, struct buffer *sql);

/* What is wrong in it is told of its name, which is all that was typed here. */
static bool add_saved(struct compiler *compiler, const struct filter_node *node, struct buffer *sql)
{
    struct filter_error inner = {0};
    struct compiler nested = {compiler->filter, &inner};
    return add_node(&nested, node->first, sql) || filter_fail_saved(compiler->error, node->at, node->saved, &inner);
}

static bool add_node(struct compiler *compiler, const struct filter_node *node, struct buffer *sql)
{
    if (node->kind == FILTER_TERM)
        return add_term(compiler, node, sql);
    if (node->kind == FILTER_SAVED)
        return add_saved(compiler, node, sql);
    buffer_add(sql, node->kind == FILTER_NOT ? "NOT (" : "(");
    for (const struct filter_node *child = node->first; child; child = child->next) {
        if (!add_node(compiler, child, sql))
            return false;
        if (child->next)
            buffer_add(sql, node->kind == FILTER_OR ? " OR " : " AND ");
    }
    buffer_add(sql, ")");
    return true;
}

bool filter_compile(struct filter *filter, struct filter_error *error)
{
    struct compiler compiler = {filter, error};
    if (filter->root)
        return add_node(&compiler, filter->root, &filter->sql);
    buffer_add(&filter->sql, "1");
    return true;
}
