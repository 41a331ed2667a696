/* The classes of findings: named in the design, never renamed. */
#include "model.h"

#include <fold.h>
#include <string.h>

static const struct model_class built_in[] = {
    {"deadlock", "error"},         {"unreferenced", "error"},
    {"never-retrieved", "error"},  {"pending-at-exit", "error"},
    {"never-awaited", "error"},    {"lock-held", "error"},
    {"never-joined", "warning"},   {"cancelled-not-awaited", "warning"},
    {"failure-hidden", "warning"}, {"cancel-ignored", "warning"},
    {"blocked-loop", "warning"},   {"generator-left-open", "warning"},
    {"items-left", "warning"},     {"serial-awaits", "warning"},
    {"wrong-thread", "warning"},   {"awaited-twice", "warning"},
};
const struct model_class *model_classes = built_in;
size_t model_classes_count = sizeof built_in / sizeof *built_in;

int model_class_index(const char *name)
{
    for (size_t i = 0; name && i < model_classes_count; i++)
        if (strcmp(model_classes[i].name, name) == 0)
            return (int)i;
    return -1;
}

static const struct leash_rule *rule_of(const char *name)
{
    for (size_t i = 0; i < leash_rules_count; i++)
        if (strcmp(leash_rules[i].class, name) == 0)
            return &leash_rules[i];
    return NULL;
}

const char *model_class_hint(const char *name)
{
    const struct leash_rule *rule = rule_of(name);
    return rule ? rule->hint : NULL;
}

const char *model_class_title(const char *name)
{
    const struct leash_rule *rule = rule_of(name);
    return rule ? rule->title : NULL;
}
