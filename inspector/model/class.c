/* The classes of findings: named in the design, never renamed. */
#include "model.h"

#include <fold.h>
#include <string.h>

static const struct model_class built_in[] = {
    {"deadlock", "error", "TL001"},         {"unreferenced", "error", "TL002"},
    {"never-retrieved", "error", "TL003"},  {"pending-at-exit", "error", "TL004"},
    {"never-awaited", "error", "TL005"},    {"lock-held", "error", "TL006"},
    {"never-joined", "warning", "TL007"},   {"cancelled-not-awaited", "warning", "TL008"},
    {"failure-hidden", "warning", "TL009"}, {"cancel-ignored", "warning", "TL010"},
    {"blocked-loop", "warning", "TL011"},   {"generator-left-open", "warning", "TL012"},
    {"items-left", "warning", "TL013"},     {"serial-awaits", "warning", "TL014"},
    {"wrong-thread", "warning", "TL015"},   {"awaited-twice", "warning", "TL016"},
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
