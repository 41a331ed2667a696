/* From a group to the entry that suppresses it. What comes from the trace is quoted: no name can end its value. */
#include "accept/suppress.h"
#include "glob.h"
#include "model.h"

#include <string.h>

/* What would end a value, or mean something in a glob. */
#define SPECIAL "\"#<^$={}"

static void add_value(struct buffer *out, const char *text, const char *special)
{
    struct buffer glob = {0};
    glob_quote(&glob, text, special);
    bool bare = glob.length && !strpbrk(glob.text, " #{}");
    buffer_format(out, bare ? "%s" : "\"%s\"", buffer_text(&glob));
    buffer_free(&glob);
}

static void add_field(struct buffer *out, const char *field, const char *text)
{
    buffer_format(out, " %s=", field);
    add_value(out, text ? text : "", SPECIAL);
}

static const char *base_name(const char *file)
{
    const char *slash = file ? strrchr(file, '/') : NULL;
    return slash ? slash + 1 : file;
}

void suppression_add_short(struct buffer *out, const struct model_group *group)
{
    const struct model_subject *first = &group->examples[0].subject;
    const char *name = model_given_name(first);
    bool by_coro = first->coro && (first->ref.kind == MODEL_CORO || !first->site.func);
    const char *field = by_coro ? "coro" : first->site.func ? "fn" : "name";
    const char *value = by_coro ? first->coro : first->site.func ? first->site.func : name;
    buffer_format(out, "%s:", group->class);
    if (value) {
        buffer_format(out, "%s=", field);
        add_value(out, value, SPECIAL);
    } else {
        buffer_add(out, "*");
    }
}

/* f < g < main; `$` where it ends before main, so that no longer stack matches. */
static void add_stack(struct buffer *out, const struct model_stack *stack)
{
    const char *last = "", *separator = " stack=";
    for (size_t i = 0; i < stack->count; i++) {
        if (stack->frames[i].runtime)
            continue;
        buffer_add(out, separator);
        if (stack->frames[i].func && strcmp(stack->frames[i].func, "...") == 0)
            buffer_add(out, "\\..."); /* a function's name, not any number of functions */
        else if (stack->frames[i].func)
            add_value(out, stack->frames[i].func, SPECIAL);
        else
            buffer_add(out, "**");
        last = stack->frames[i].func ? stack->frames[i].func : "";
        separator = " < ";
    }
    if (*separator == ' ' && separator[1] == '<' && strcmp(last, "main") != 0)
        buffer_add(out, " < $");
}

void suppression_add_exact(struct buffer *out, const struct model_group *group)
{
    const struct model_subject *first = &group->examples[0].subject;
    buffer_format(out, "{ class=%s", group->class);
    add_field(out, "fn", first->site.func);
    add_field(out, "coro", first->coro);
    add_field(out, "file", base_name(first->site.file));
    add_stack(out, &first->stack);
    buffer_add(out, " }");
}
