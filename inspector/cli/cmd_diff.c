#include "accept.h"
#include "diff.h"

static int compare(struct settings *settings, struct checked *checked)
{
    struct model_diff diff;
    const struct model_policy policy = {0};
    struct model_snapshot *before = &checked->items[0].snapshot, *now = &checked->items[1].snapshot;
    model_judge(before, &policy);
    model_judge(now, &policy);
    model_diff_make(&diff, before, now);
    int code = diff.changes[MODEL_NEW] + diff.changes[MODEL_GREW] ? EXIT_LEAKS
               : model_is_whole(now)                              ? EXIT_CLEAN
                                                                  : EXIT_INCONCLUSIVE;
    const struct diff_report report = {before, now, &diff, code};
    for (size_t i = 0; i < checked->count; i++)
        if (!model_is_whole(&checked->items[i].snapshot))
            complain("diff", "%s: not a whole trace: what is missing in it may have leaked as well",
                     checked->items[i].path);
    (settings->format == &report_json ? diff_json : diff_text)(&settings->report, &report);
    model_diff_free(&diff);
    return code;
}

static bool load(struct settings *settings, struct checked *checked)
{
    bool opened = true;
    for (size_t i = 0; i < 2; i++) {
        checked_add(checked, settings->arguments[i], settings);
        if (!checked->items[i].opened)
            complain("diff", "%s", checked->items[i].trouble);
        opened = opened && checked->items[i].opened;
    }
    return opened;
}

int cmd_diff(int argc, char **argv)
{
    struct settings settings;
    struct checked checked = {0};
    int rc = settings_read(&settings, "diff", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc != 0 || !settings_picture(&settings))
        goto done;
    if (settings.arguments_count != 2) {
        complain("diff", "two traces, the older one first (usage: %s)", settings.command->usage);
        goto done;
    }
    if (accept_open(&settings) < 0 || !load(&settings, &checked) || settings_open(&settings, settings.output) < 0)
        goto done;
    code = settings_close(&settings, compare(&settings, &checked));
done:
    checked_free(&checked);
    accept_close(&settings);
    settings_free(&settings);
    return code;
}
