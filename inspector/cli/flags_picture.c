/* Flags of the pictures: tree and timeline. */
#include "flags.h"
#include "values.h"

#include <string.h>

static int set_by(struct settings *settings, const char *value)
{
    for (int by = 0; model_forest_by_name((enum model_forest_by)by); by++) {
        if (strcmp(model_forest_by_name((enum model_forest_by)by), value) == 0) {
            settings->picture.by = (enum model_forest_by)by;
            return 0;
        }
    }
    return flag_wrong_value(settings, "--by", value, "waits, waiters or spawn");
}

static int set_at(struct settings *settings, const char *value)
{
    return value_instant(value, &settings->picture.at_ns)
               ? 0
               : flag_wrong_value(settings, "--at", value, "a time since the run began, like 1.5s");
}

const struct flag flags_picture[] = {
    {"by", 0, TAKES_TREE, "waits|waiters|spawn", set_by, "what is on top: who waits, who is waited for, who created"},
    {"at", 0, TAKES_TREE, "TIME", set_at, "at that time of the run (default: when the loop stopped)"},
    {0},
};
