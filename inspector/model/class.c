/* The classes of findings: named in the design, never renamed. */
#include "model.h"

#include <errno.h>
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
/* The same and the user's, once there are any. */
static struct model_class all[MODEL_CLASSES_MAX];
static struct {
    const char *title, *hint;
} words[MODEL_CLASSES_MAX];

const struct model_class *model_classes = built_in;
size_t model_classes_count = sizeof built_in / sizeof *built_in;

int model_class_index(const char *name)
{
    for (size_t i = 0; name && i < model_classes_count; i++)
        if (strcmp(model_classes[i].name, name) == 0)
            return (int)i;
    return -1;
}

bool model_class_is_of_a_call(const char *name)
{
    return strcmp(name, "wrong-thread") == 0 || strcmp(name, "awaited-twice") == 0;
}

static const struct leash_rule *rule_of(const char *name)
{
    for (size_t i = 0; i < leash_rules_count; i++)
        if (strcmp(leash_rules[i].class, name) == 0)
            return &leash_rules[i];
    return NULL;
}

int model_class_add(const struct model_class *class, const char *title, const char *hint)
{
    if (model_classes_count == MODEL_CLASSES_MAX)
        return -ENOSPC;
    if (model_classes == built_in)
        memcpy(all, built_in, sizeof built_in);
    model_classes = all;
    all[model_classes_count] = *class;
    words[model_classes_count].title = title;
    words[model_classes_count].hint = hint;
    return (int)model_classes_count++;
}

const char *model_class_hint(const char *name)
{
    const struct leash_rule *rule = rule_of(name);
    int index = model_class_index(name);
    return rule ? rule->hint : index >= 0 ? words[index].hint : NULL;
}

const char *model_class_title(const char *name)
{
    const struct leash_rule *rule = rule_of(name);
    int index = model_class_index(name);
    return rule ? rule->title : index >= 0 ? words[index].title : NULL;
}
