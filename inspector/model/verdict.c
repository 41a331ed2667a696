#include "verdict.h"

#include <stdlib.h>
#include <string.h>

static bool is_among(uint32_t classes, const char *name, size_t length)
{
    for (size_t i = 0; i < model_classes_count; i++)
        if ((classes & 1u << i) && strlen(model_classes[i].name) == length &&
            strncmp(model_classes[i].name, name, length) == 0)
            return true;
    return false;
}

/* One of the classes that it also belongs to ("a, b"). */
static bool matches_also(const struct model_group *group, uint32_t classes)
{
    for (const char *at = group->also; at && *at;) {
        size_t length = strcspn(at, ", ");
        if (is_among(classes, at, length))
            return true;
        at += length;
        at += strspn(at, ", ");
    }
    return false;
}

static bool matches(const struct model_group *group, uint32_t classes)
{
    return is_among(classes, group->class, strlen(group->class)) || matches_also(group, classes);
}

static uint32_t error_classes(void)
{
    uint32_t classes = 0;
    for (size_t i = 0; i < model_classes_count; i++)
        if (model_classes[i].severity[0] == 'e')
            classes |= 1u << i;
    return classes;
}

/* How grave it is in its own class its rule says: few classes have findings of both kinds. A user's rule may call an
 * error what is a warning by a class of ours, which comes first: it fails all the same. */
static bool fails(const struct model_group *group, const struct model_policy *policy)
{
    if (group->suppressed_by || group->standing == MODEL_STANDING_KNOWN)
        return false;
    if (policy->fail_on_given && matches(group, policy->fail_on))
        return true;
    if (is_among(policy->warn, group->class, strlen(group->class)))
        return false;
    return !policy->fail_on_given && (group->error || matches_also(group, error_classes() & ~policy->warn));
}

/* What fails, what is only told, what is known, what is suppressed. */
static int rank(const struct model_group *group)
{
    return group->suppressed_by ? 3 : group->standing == MODEL_STANDING_KNOWN ? 2 : group->fails ? 0 : 1;
}

static void count_in(struct model_verdict *verdict, const struct model_group *group)
{
    struct {
        size_t *objects, *groups;
    } counts[] = {{&verdict->leaks, &verdict->leak_groups},
                  {&verdict->warnings, &verdict->warning_groups},
                  {&verdict->known, &verdict->known_groups},
                  {&verdict->suppressed, &verdict->suppressed_groups}};
    *counts[rank(group)].objects += group->count;
    *counts[rank(group)].groups += 1;
}

static int by_weight(const void *left, const void *right)
{
    const struct model_group *a = left, *b = right;
    if (rank(a) != rank(b))
        return rank(a) < rank(b) ? -1 : 1;
    int class_a = model_class_index(a->class), class_b = model_class_index(b->class);
    if (class_a != class_b)
        return class_a < class_b ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return a->first_ns != b->first_ns ? (a->first_ns < b->first_ns ? -1 : 1)
                                      : (a->fingerprint > b->fingerprint) - (a->fingerprint < b->fingerprint);
}

bool model_is_whole(const struct model_snapshot *snapshot)
{
    enum model_ending ending = snapshot->run.ending;
    return (ending == MODEL_COMPLETE || ending == MODEL_EXITED) && snapshot->run.dropped == 0 && !snapshot->note;
}

struct model_verdict model_judge(struct model_snapshot *snapshot, const struct model_policy *policy)
{
    struct model_verdict verdict = {0};
    for (size_t i = 0; i < snapshot->groups_count; i++) {
        struct model_group *group = &snapshot->groups[i];
        group->fails = fails(group, policy);
        count_in(&verdict, group);
    }
    if (snapshot->groups_count)
        qsort(snapshot->groups, snapshot->groups_count, sizeof *snapshot->groups, by_weight);
    if (verdict.leaks > policy->max_leaks)
        verdict.code = EXIT_LEAKS;
    else if (!model_is_whole(snapshot) && !policy->allow_incomplete)
        verdict.code = EXIT_INCONCLUSIVE;
    return verdict;
}

int model_graver(int a, int b)
{
    static const int order[] = {[EXIT_CLEAN] = 0, [EXIT_LEAKS] = 2, [EXIT_TROUBLE] = 3, [EXIT_INCONCLUSIVE] = 1};
    return order[a] >= order[b] ? a : b;
}
