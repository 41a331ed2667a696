/* The grammar:
 *
 *   all    := both ( '|' both )*                     blanks around the bar
 *   both   := either+                                side by side: and
 *   either := one ( '|' one )*                       no blanks around the bar
 *   one    := ( '!' | '-' ) one | '(' all ')' | '@' saved | '/' regex '/' | field operator values | word
 *   values := value ( '|' value )*                   several only behind ':'
 *   value  := '"' anything, \" and \\ '"' | anything but blanks, bars, quotes and parentheses
 */
#include "tree.h"
#include "suggest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct parser {
    struct filter *filter;
    struct filter_error *error;
    const char *text;
    size_t at;
    unsigned depth, terms;
    const struct saved_filter *saved; /* whose text it is, NULL: of the filter itself */
    const struct parser *outer;       /* where that one's name stands */
};

bool filter_fail(struct filter_error *error, size_t at, const char *format, ...)
{
    va_list arguments;
    if (*error->text)
        return false;
    error->at = at;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

bool filter_fail_saved(struct filter_error *error, size_t at, const struct saved_filter *saved,
                       const struct filter_error *inner)
{
    return filter_fail(error, at, "@%s (%s): %s", saved->name, saved->place, inner->text);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool ends_word(char c)
{
    return c == '\0' || is_blank(c) || strchr("|()\"", c);
}

static char peek(const struct parser *parser)
{
    return parser->text[parser->at];
}

static void skip_blanks(struct parser *parser)
{
    while (is_blank(peek(parser)))
        parser->at++;
}

/* A bar right between two things. */
static bool at_close_bar(const struct parser *parser)
{
    const char *at = parser->text + parser->at;
    return *at == '|' && parser->at > 0 && !is_blank(at[-1]) && at[1] && !is_blank(at[1]) && at[1] != ')' &&
           at[1] != '|';
}

static struct filter_node *new_node(struct parser *parser, enum filter_node_kind kind)
{
    struct filter_node *node = arena_alloc(&parser->filter->memory, 1, sizeof *node);
    node->kind = kind;
    return node;
}

/* ---- values ---- */

static bool take_quoted(struct parser *parser, struct filter_typed *out)
{
    size_t start = parser->at++, length = 0;
    char *text = arena_alloc(&parser->filter->memory, strlen(parser->text + start) + 1, 1);
    while (peek(parser) && peek(parser) != '"') {
        if (peek(parser) == '\\' && (parser->text[parser->at + 1] == '"' || parser->text[parser->at + 1] == '\\'))
            parser->at++;
        text[length++] = parser->text[parser->at++];
    }
    if (!peek(parser))
        return filter_fail(parser->error, start, "this quote is never closed");
    parser->at++;
    *out = (struct filter_typed){text, start, true};
    return true;
}

static bool take_value(struct parser *parser, struct filter_typed *out)
{
    size_t start = parser->at;
    if (peek(parser) == '"')
        return take_quoted(parser, out);
    while (!ends_word(peek(parser)))
        parser->at++;
    if (parser->at == start)
        return filter_fail(parser->error, start, "a value is missing here");
    *out = (struct filter_typed){
        arena_format(&parser->filter->memory, "%.*s", (int)(parser->at - start), parser->text + start), start, false};
    return true;
}

/* ---- terms ---- */

/* The operator at `text`, and how long it is; 0: there is none. */
static size_t operator_at(const char *text, enum filter_operator *out)
{
    static const struct {
        const char *text;
        enum filter_operator operator;
    } operators[] = {{"!=", FILTER_NOT_EQUAL}, {"<=", FILTER_LESS_EQUAL}, {">=", FILTER_MORE_EQUAL},
                     {":", FILTER_IS},         {"=", FILTER_EQUAL},       {"<", FILTER_LESS},
                     {">", FILTER_MORE},       {"~", FILTER_LIKE}};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (strncmp(text, operators[i].text, strlen(operators[i].text)) == 0) {
            *out = operators[i].operator;
            return strlen(operators[i].text);
        }
    return 0;
}

/* How long the name of a field is that stands here with an operator behind it; 0: none does. */
static size_t field_at(const char *text)
{
    enum filter_operator operator;
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz-");
    return *text != '-' && length && operator_at(text + length, &operator) ? length : 0;
}

static bool unknown_field(struct parser *parser, size_t length)
{
    const struct list *list = parser->filter->list;
    struct suggestion near;
    char typed[40];
    snprintf(typed, sizeof typed, "%.*s", (int)(length < 36 ? length : 36), parser->text + parser->at);
    suggest_begin(&near, typed);
    for (const struct list_field *field = list->fields; field->name; field++)
        suggest_offer(&near, field->name);
    if (near.best)
        return filter_fail(parser->error, parser->at, "%s have no field \"%s\"; did you mean \"%s\"?", list->name,
                           typed, near.best);
    for (size_t i = 0; list_at(i); i++)
        if (list_field_named(list_at(i), typed, strlen(typed)))
            return filter_fail(parser->error, parser->at, "%s have no field \"%s\"; %s do", list->name, typed,
                               list_at(i)->name);
    return filter_fail(parser->error, parser->at, "there is no field \"%s\"; in quotes it would be searched for",
                       typed);
}

static bool take_values(struct parser *parser, struct filter_node *term)
{
    size_t capacity = 0;
    do {
        parser->at += term->values_count > 0; /* the bar */
        if (term->values_count == capacity) {
            struct filter_typed *larger =
                arena_alloc(&parser->filter->memory, capacity = capacity ? 2 * capacity : 2, sizeof *larger);
            if (term->values)
                memcpy(larger, term->values, term->values_count * sizeof *larger);
            term->values = larger;
        }
        if (++parser->terms > FILTER_TERMS_MAX)
            return filter_fail(parser->error, parser->at, "more than %d conditions", FILTER_TERMS_MAX);
        if (!take_value(parser, &term->values[term->values_count++]))
            return false;
    } while (term->operator== FILTER_IS && at_close_bar(parser) && !strchr("(!/-@", parser->text[parser->at + 1]) &&
             !field_at(parser->text + parser->at + 1));
    return true;
}

static bool take_regex(struct parser *parser, struct filter_node *term)
{
    size_t start = parser->at, length = 0;
    const char *from = parser->text + ++parser->at;
    char *text = arena_alloc(&parser->filter->memory, strlen(from) + 1, 1);
    for (; peek(parser) && peek(parser) != '/'; parser->at++) {
        if (peek(parser) == '\\' && parser->text[parser->at + 1] == '/')
            parser->at++;
        else if (peek(parser) == '\\' && parser->text[parser->at + 1])
            text[length++] = parser->text[parser->at++];
        text[length++] = peek(parser);
    }
    if (!peek(parser))
        return filter_fail(parser->error, start, "this expression is never closed with a /");
    if (length == 0)
        return filter_fail(parser->error, start, "an empty expression");
    parser->at++;
    if (!ends_word(peek(parser)))
        return filter_fail(parser->error, parser->at,
                           "what is this behind the expression? Text with / in it goes in "
                           "quotes");
    term->operator= FILTER_REGEX;
    term->values = arena_alloc(&parser->filter->memory, 1, sizeof *term->values);
    term->values[term->values_count++] = (struct filter_typed){text, start + 1, false};
    return ++parser->terms <= FILTER_TERMS_MAX ||
           filter_fail(parser->error, start, "more than %d conditions", FILTER_TERMS_MAX);
}

static bool take_term(struct parser *parser, struct filter_node **out)
{
    struct filter_node *term = *out = new_node(parser, FILTER_TERM);
    size_t length = field_at(parser->text + parser->at);
    if (peek(parser) == '/')
        return take_regex(parser, term);
    term->operator= FILTER_WORD;
    if (length) {
        term->field = list_field_named(parser->filter->list, parser->text + parser->at, length);
        if (!term->field)
            return unknown_field(parser, length);
        parser->at += length;
        parser->at += operator_at(parser->text + parser->at, &term->operator);
    }
    return take_values(parser, term);
}

/* ---- what holds them together ---- */

static bool take_all(struct parser *parser, struct filter_node **out);
static bool take_whole(struct parser *parser, struct filter_node **out);

static bool deeper(struct parser *parser)
{
    return ++parser->depth <= FILTER_DEPTH_MAX || filter_fail(parser->error, parser->at, "nested too deep");
}

static bool take_group(struct parser *parser, struct filter_node **out)
{
    size_t start = parser->at++;
    if (!deeper(parser) || !take_all(parser, out))
        return false;
    if (peek(parser) != ')')
        return filter_fail(parser->error, start, "this parenthesis is never closed");
    parser->at++;
    parser->depth--;
    return true;
}

static bool unknown_saved(struct parser *parser, size_t length)
{
    const struct saved_filter *saved;
    struct suggestion near;
    char typed[40];
    snprintf(typed, sizeof typed, "%.*s", (int)(length < 36 ? length : 36), parser->text + parser->at + 1);
    suggest_begin(&near, typed);
    for (size_t i = 0; (saved = saved_filter_at(i)); i++)
        suggest_offer(&near, saved->name);
    if (near.best)
        return filter_fail(parser->error, parser->at, "no filter is saved as \"%s\"; did you mean \"@%.40s\"?", typed,
                           near.best);
    return filter_fail(parser->error, parser->at,
                       "no filter is saved as \"%s\": [filters] in .leash.conf names them; in quotes, \"@%s\" would "
                       "be searched for",
                       typed, typed);
}

static bool is_inside(const struct parser *parser, const struct saved_filter *saved)
{
    while (parser && parser->saved != saved)
        parser = parser->outer;
    return parser;
}

/* @name: the text of that filter is parsed for itself, as a group. */
static bool take_saved(struct parser *parser, struct filter_node **out)
{
    size_t start = parser->at, length = saved_filter_length(parser->text + start + 1);
    const struct saved_filter *saved = saved_filter_named(parser->text + start + 1, length);
    struct filter_error inner = {0};
    if (!length || !ends_word(parser->text[start + 1 + length]))
        return filter_fail(parser->error, start, "@ begins the name of a saved filter; text with @ goes in quotes");
    if (!saved)
        return unknown_saved(parser, length);
    if (is_inside(parser, saved))
        return filter_fail(parser->error, start, "@%s (%s) stands in itself", saved->name, saved->place);
    struct parser nested = {.filter = parser->filter,
                            .error = &inner,
                            .text = saved->text,
                            .depth = parser->depth,
                            .terms = parser->terms,
                            .saved = saved,
                            .outer = parser};
    struct filter_node *node = *out = new_node(parser, FILTER_SAVED);
    node->saved = saved;
    node->at = start;
    if (!deeper(&nested) || !take_whole(&nested, &node->first))
        return filter_fail_saved(parser->error, start, saved, &inner);
    parser->at += 1 + length;
    parser->terms = nested.terms;
    return true;
}

static bool take_one(struct parser *parser, struct filter_node **out)
{
    char c = peek(parser);
    if (c == '@')
        return take_saved(parser, out);
    if (c == '(')
        return take_group(parser, out);
    if (c != '!' && c != '-')
        return take_term(parser, out);
    parser->at++;
    *out = new_node(parser, FILTER_NOT);
    if (ends_word(peek(parser)) && peek(parser) != '(' && peek(parser) != '"')
        return filter_fail(parser->error, parser->at, "what must not hold is missing after the \"%c\"", c);
    if (!deeper(parser) || !take_one(parser, &(*out)->first))
        return false;
    parser->depth--;
    return true;
}

/* The only one of a chain stands for itself. */
static struct filter_node *joined(struct parser *parser, enum filter_node_kind kind, struct filter_node *first)
{
    if (!first->next)
        return first;
    struct filter_node *node = new_node(parser, kind);
    node->first = first;
    return node;
}

static bool take_either(struct parser *parser, struct filter_node **out)
{
    struct filter_node *first = NULL, **last = &first;
    do {
        parser->at += first != NULL; /* the bar */
        if (!take_one(parser, last) || !*last)
            return false;
        last = &(*last)->next;
    } while (at_close_bar(parser));
    *out = joined(parser, FILTER_OR, first);
    return true;
}

static bool take_both(struct parser *parser, struct filter_node **out)
{
    struct filter_node *first = NULL, **last = &first;
    for (;;) {
        skip_blanks(parser);
        if (!peek(parser) || peek(parser) == ')' || peek(parser) == '|')
            break;
        if (!take_either(parser, last) || !*last)
            return false;
        last = &(*last)->next;
    }
    if (!first)
        return filter_fail(parser->error, parser->at, "a condition is missing here");
    *out = joined(parser, FILTER_AND, first);
    return true;
}

static bool take_all(struct parser *parser, struct filter_node **out)
{
    struct filter_node *first = NULL, **last = &first;
    do {
        parser->at += first != NULL;
        if (!take_both(parser, last) || !*last)
            return false;
        last = &(*last)->next;
    } while (peek(parser) == '|');
    *out = joined(parser, FILTER_OR, first);
    return true;
}

static bool take_whole(struct parser *parser, struct filter_node **out)
{
    if (strlen(parser->text) > FILTER_TEXT_MAX)
        return filter_fail(parser->error, FILTER_TEXT_MAX, "a filter has at most %d bytes", FILTER_TEXT_MAX);
    if (!take_all(parser, out))
        return false;
    return !peek(parser) || filter_fail(parser->error, parser->at, "this parenthesis was never opened");
}

bool filter_parse_tree(struct filter *filter, struct filter_error *error)
{
    struct parser parser = {.filter = filter, .error = error, .text = filter->text};
    skip_blanks(&parser);
    if (!peek(&parser) && parser.at <= FILTER_TEXT_MAX)
        return true;
    return take_whole(&parser, &filter->root);
}
