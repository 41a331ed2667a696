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

static int set_from(struct settings *settings, const char *value)
{
    return value_instant(value, &settings->picture.from_ns)
               ? 0
               : flag_wrong_value(settings, "--from", value, "a time since the run began, like 1.5s");
}

static int set_to(struct settings *settings, const char *value)
{
    return value_instant(value, &settings->picture.to_ns)
               ? 0
               : flag_wrong_value(settings, "--to", value, "a time since the run began, like 1.5s");
}

static int set_width(struct settings *settings, const char *value)
{
    int64_t width;
    if (!value_number(value, PICTURE_WIDTH_MIN, PICTURE_WIDTH_MAX, &width))
        return flag_wrong_value(settings, "--width", value, "a number from 20 to 1000");
    settings->picture.width = (unsigned)width;
    return 0;
}

const struct flag flags_picture[] = {
    {"by", 0, TAKES_TREE, "waits|waiters|spawn", set_by, "what is on top: who waits, who is waited for, who created"},
    {"at", 0, TAKES_TREE, "TIME", set_at, "at that time of the run (default: when the loop stopped)"},
    {"from", 0, TAKES_TIMELINE, "TIME", set_from, "from that time of the run on (default: its beginning)"},
    {"to", 0, TAKES_TIMELINE, "TIME", set_to, "up to that time (default: its end)"},
    {"width", 0, TAKES_TIMELINE, "N", set_width, "in so many columns (default: the terminal's, or 100)"},
    {0},
};
