#include "filter.h"
#include "alloc.h"
#include "query.h"
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct filter *filter_parse(const char *text, const char *list, struct filter_error *error)
{
    struct filter *filter = xcalloc(1, sizeof *filter);
    *error = (struct filter_error){0};
    filter->list = list_named(list);
    filter->text = arena_text(&filter->memory, text);
    if (!filter->list)
        filter_fail(error, 0, "there is no list \"%.40s\"", list);
    if (filter->list && filter_parse_tree(filter, error) && filter_compile(filter, error))
        return filter;
    filter_free(filter);
    return NULL;
}

void filter_free(struct filter *filter)
{
    if (!filter)
        return;
    arena_free(&filter->memory);
    buffer_free(&filter->sql);
    free(filter->parameters);
    free(filter);
}

const char *filter_text(const struct filter *filter)
{
    return filter->text;
}

bool filter_is_empty(const struct filter *filter)
{
    return !filter->root;
}

const char *filter_sql(const struct filter *filter)
{
    return buffer_text(&filter->sql);
}

const char *filter_value(const struct filter *filter, size_t index)
{
    return index < filter->parameters_count ? filter->parameters[index].text : NULL;
}

size_t filter_values(const struct filter *filter)
{
    return filter->parameters_count;
}

unsigned filter_joins(const struct filter *filter)
{
    return filter->joins;
}

void filter_bind(const struct filter *filter, struct trace_query *query)
{
    for (size_t i = 0; i < filter->parameters_count; i++) {
        const struct filter_parameter *parameter = &filter->parameters[i];
        if (parameter->is_number)
            trace_bind(query, (int)i + 1, parameter->number);
        else
            trace_bind_text(query, (int)i + 1, parameter->text);
    }
}

static void add_parameter(const struct filter_parameter *parameter, struct buffer *out)
{
    if (parameter->is_number) {
        buffer_add(out, parameter->text);
        return;
    }
    buffer_add(out, "'");
    for (const char *at = parameter->text; *at; at++)
        buffer_add_bytes(out, *at == '\'' ? "''" : at, *at == '\'' ? 2 : 1);
    buffer_add(out, "'");
}

void filter_add_literal(const struct filter *filter, struct buffer *out)
{
    for (const char *at = filter_sql(filter); *at;) {
        size_t plain = strcspn(at, "?");
        buffer_add_bytes(out, at, plain);
        at += plain;
        if (!*at)
            break;
        char *end;
        size_t number = strtoul(at + 1, &end, 10);
        if (number > 0 && number <= filter->parameters_count)
            add_parameter(&filter->parameters[number - 1], out);
        at = end;
    }
}

const char *filter_doubt(const struct filter *filter)
{
    return filter->doubt;
}

const char *filter_field(const char *list, size_t index)
{
    const struct list *found = list_named(list);
    for (size_t i = 0; found && i < index; i++)
        if (!found->fields[i].name)
            return NULL;
    return found ? found->fields[index].name : NULL;
}
