/* Does an entry match a finding? */
#include "accept/pattern.h"
#include "glob.h"

#include <string.h>

static bool among(uint32_t classes, const char *list)
{
    for (const char *at = list; at && *at;) {
        char name[64];
        size_t length = strcspn(at, ", ");
        if (length < sizeof name) {
            memcpy(name, at, length);
            name[length] = '\0';
            int class = model_class_index(name);
            if (class >= 0 && (classes & 1u << class))
                return true;
        }
        at += length;
        at += strspn(at, ", ");
    }
    return false;
}

bool pattern_class_matches(const struct pattern *pattern, const struct finding *finding)
{
    return (pattern->classes & 1u << finding->class) || among(pattern->classes, finding->also);
}

/* The whole of a path, or what follows any '/' of it. */
static bool file_matches(const char *glob, const char *file)
{
    if (*glob == '^')
        return glob_match(glob + 1, file);
    bool found = glob_match(glob, file);
    for (const char *at = file; !found && (at = strchr(at, '/'));)
        found = glob_match(glob, ++at);
    return found;
}

/* From stack function `at` on; each "..." is tried at every place behind the one before it. */
static bool stack_matches(const char *const *parts, struct facts *facts, size_t at)
{
    const char *const *retry_parts = NULL;
    size_t retry_at = 0;
    while (*parts) {
        const char *function = facts_function(facts, at);
        if (strcmp(*parts, "...") == 0) {
            retry_parts = ++parts;
            retry_at = at;
        } else if (strcmp(*parts, "$") == 0 ? !function : function && glob_match(*parts, function)) {
            parts++;
            at++;
        } else if (retry_parts && facts_function(facts, retry_at)) {
            parts = retry_parts;
            at = ++retry_at;
        } else {
            return false;
        }
    }
    return true;
}

static bool field_matches(const struct pattern *pattern, enum accept_field field, struct facts *facts)
{
    const char *glob = pattern->fields[field], *value;
    if (field == FIELD_STACK)
        return stack_matches(pattern->stack, facts, 0);
    for (size_t i = 0; (value = facts_value(facts, field, i)); i++)
        if (field == FIELD_FILE ? file_matches(glob, value) : glob_match(glob, value))
            return true;
    return !*glob && !facts_value(facts, field, 0);
}

static bool anything_matches(const char *glob, struct facts *facts)
{
    static const enum accept_field looked_at[] = {FIELD_FN, FIELD_STACK, FIELD_CORO, FIELD_NAME};
    const char *value;
    if (glob[strspn(glob, "*")] == '\0')
        return true; /* also of what nothing is known */
    for (size_t f = 0; f < sizeof looked_at / sizeof *looked_at; f++)
        for (size_t i = 0; (value = facts_value(facts, looked_at[f], i)); i++)
            if (glob_match(glob, value))
                return true;
    return false;
}

bool pattern_matches(const struct pattern *pattern, struct facts *facts)
{
    if (!pattern_class_matches(pattern, facts->at) || (pattern->any && !anything_matches(pattern->any, facts)))
        return false;
    for (enum accept_field field = 0; field < FIELDS; field++)
        if (pattern->fields[field] && !field_matches(pattern, field, facts))
            return false;
    return true;
}
