#include "accept.h"
#include "accept/baseline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A subcommand of the subcommand. */
struct change {
    const char *name;
    /* Changes the baseline by what the traces hold; EXIT_. Before it, all of them were compared with it. */
    int (*make)(struct baseline *baseline, const struct checked *checked, const struct settings *settings,
                const char *id);
    bool must_exist, takes_id;
    bool whole; /* what is not found counts as fixed: only whole traces can tell */
};

static int write_all(struct baseline *baseline, const struct checked *checked, const struct settings *settings,
                     const char *id)
{
    (void)id;
    for (size_t i = 0; i < checked->count; i++)
        baseline_add(baseline, &checked->items[i].snapshot, &settings->report.source);
    baseline_prune(baseline);
    return EXIT_CLEAN;
}

static int prune(struct baseline *baseline, const struct checked *checked, const struct settings *settings,
                 const char *id)
{
    (void)checked, (void)settings, (void)id;
    baseline_prune(baseline);
    return EXIT_CLEAN;
}

static bool is_fingerprint(const char *id)
{
    return strlen(id) == 8 && strspn(id, "0123456789abcdef") == 8;
}

/* The fingerprint of the group that an object is in. */
static bool fingerprint_of(const struct model_snapshot *snapshot, struct model_ref ref, uint32_t *fingerprint)
{
    for (size_t i = 0; i < snapshot->groups_count; i++) {
        const struct model_group *group = &snapshot->groups[i];
        for (size_t j = 0; group->examples[0].subject.ref.kind == ref.kind && j < group->count; j++) {
            if (group->ids[j] == ref.id) {
                *fingerprint = group->fingerprint;
                return true;
            }
        }
    }
    return false;
}

static int add_one(struct baseline *baseline, const struct checked *checked, const struct settings *settings,
                   const char *id)
{
    struct model_ref ref;
    bool any = false, by_fingerprint = is_fingerprint(id);
    if (!by_fingerprint && !model_ref_parse(id, &ref)) {
        complain("baseline", "\"%s\" is no id: 9f3c21d8 is a finding's, #31 a task's, #c42 a coroutine's", id);
        return EXIT_TROUBLE;
    }
    for (size_t i = 0; i < checked->count; i++) {
        const struct model_snapshot *snapshot = &checked->items[i].snapshot;
        uint32_t fingerprint = by_fingerprint ? (uint32_t)strtoul(id, NULL, 16) : 0;
        if (by_fingerprint || fingerprint_of(snapshot, ref, &fingerprint))
            any = baseline_accept(baseline, fingerprint, snapshot, &settings->report.source) || any;
    }
    if (any)
        return EXIT_CLEAN;
    complain("baseline", "nothing is found of %s in %s%s (`leash check` tells the ids)", id, checked->items[0].path,
             checked->count > 1 ? " and the others" : "");
    return EXIT_TROUBLE;
}

static const struct change changes[] = {{"write", write_all, false, false, true},
                                        {"prune", prune, true, false, true},
                                        {"accept", add_one, false, true, false}};

static const struct change *change_named(const char *name)
{
    for (size_t i = 0; name && i < sizeof changes / sizeof *changes; i++)
        if (strcmp(changes[i].name, name) == 0)
            return &changes[i];
    return NULL;
}

static int load(const struct change *change, const struct settings *settings, char **paths, struct checked *checked,
                struct baseline *baseline)
{
    int code = EXIT_CLEAN;
    for (size_t i = 0; paths[i]; i++) {
        checked_add(checked, paths[i], settings);
        struct checked_trace *trace = &checked->items[i];
        if (!trace->opened) {
            complain("baseline", "%s", trace->trouble);
            code = EXIT_TROUBLE;
        } else if (change->whole && !settings->policy.allow_incomplete && !model_is_whole(&trace->snapshot)) {
            complain("baseline",
                     "%s: not a whole trace: what is missing in it would count as fixed "
                     "(--allow-incomplete accepts it)",
                     trace->path);
            code = model_graver(code, EXIT_INCONCLUSIVE);
        } else {
            baseline_compare(baseline, &trace->snapshot);
        }
    }
    return code;
}

/* Reads the baseline, changes it by the traces, writes it. */
static int change_file(const struct change *change, const struct settings *settings, const char *path, const char *id,
                       char **paths)
{
    struct accept_fault fault;
    struct checked checked = {0};
    struct baseline *baseline = baseline_new();
    int code = EXIT_TROUBLE, rc = baseline_read(baseline, path, &fault);
    if (rc < 0 && (rc != -ENOENT || change->must_exist))
        goto done;
    size_t before = baseline_count(baseline);
    rc = 0;
    code = load(change, settings, paths, &checked, baseline);
    if (code == EXIT_CLEAN)
        code = change->make(baseline, &checked, settings, id);
    if (code == EXIT_CLEAN)
        rc = baseline_write(baseline, path, &fault);
    if (code == EXIT_CLEAN && rc == 0 && settings->report.verbosity >= 0)
        complain("baseline", "%s: %zu known, %zu before", path, baseline_count(baseline), before);
done:
    if (rc < 0)
        complain_of_fault("baseline", &fault);
    baseline_free(baseline);
    checked_free(&checked);
    return rc < 0 ? EXIT_TROUBLE : code;
}

int cmd_baseline(int argc, char **argv)
{
    struct settings settings;
    int rc = settings_read(&settings, "baseline", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc != 0)
        goto done;
    const struct change *change = change_named(settings.arguments[0]);
    const char *path = settings.accept.known;
    size_t words = change && change->takes_id ? 2 : 1;
    if (!change)
        complain("baseline", "write, prune or accept? (usage: %s)", settings.command->usage);
    else if (!path)
        complain("baseline", "which file? -o FILE names the baseline");
    else if (settings.arguments_count <= words)
        complain("baseline", words == 2 ? "an id and a trace, please (usage: %s)" : "which trace? (usage: %s)",
                 settings.command->usage);
    else if (accept_open(&settings) == 0)
        code = change_file(change, &settings, path, settings.arguments[1], settings.arguments + words);
done:
    accept_close(&settings);
    settings_free(&settings);
    return code;
}
