#include "alloc.h"
#include "flags.h"
#include "values.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

int flag_classes(struct settings *settings, const char *flag, const char *value, uint32_t *classes)
{
    char wrong[64];
    const char *near;
    if (value_classes(value, classes, wrong, &near))
        return 0;
    if (near)
        complain(settings->command->name, "%s: there is no class \"%s\"; did you mean \"%s\"?", flag, wrong, near);
    else
        complain(settings->command->name, "%s: there is no class \"%s\" (`leash check -h` names them)", flag, wrong);
    return -EINVAL;
}

static int set_fail_on(struct settings *settings, const char *value)
{
    settings->policy.fail_on_given = true;
    return flag_classes(settings, "--fail-on", value, &settings->policy.fail_on);
}

static int set_warn(struct settings *settings, const char *value)
{
    return flag_classes(settings, "--warn", value, &settings->policy.warn);
}

static int set_exit_code(struct settings *settings, const char *value)
{
    int64_t code;
    if (!value_number(value, 0, 255, &code))
        return flag_wrong_value(settings, "--exit-code", value, "a number from 0 to 255");
    settings->report.leak_code = (int)code;
    return 0;
}

static int set_max_leaks(struct settings *settings, const char *value)
{
    int64_t most;
    if (!value_number(value, 0, INT_MAX, &most))
        return flag_wrong_value(settings, "--max-leaks", value, "a number");
    settings->policy.max_leaks = settings->report.max_leaks = (size_t)most;
    return 0;
}

static int set_allow_incomplete(struct settings *settings, const char *value)
{
    (void)value;
    settings->policy.allow_incomplete = true;
    return 0;
}

static int set_grace(struct settings *settings, const char *value)
{
    return value_duration(value, &settings->trace.grace)
               ? 0
               : flag_wrong_value(settings, "--grace", value, "a time like 200ms");
}

/* "junit=report.xml"; "-" is standard output. */
static int add_output(struct settings *settings, const char *value)
{
    char name[32];
    const char *equals = strchr(value, '=');
    if (!equals || equals == value || !equals[1])
        return flag_wrong_value(settings, "--output", value, "FORMAT=FILE, like junit=report.xml");
    snprintf(name, sizeof name, "%.*s", (int)(equals - value < 31 ? equals - value : 31), value);
    struct destination output = {.path = strcmp(equals + 1, "-") == 0 ? NULL : equals + 1};
    if (flag_format(settings, name, &output.format) < 0)
        return -EINVAL;
    settings->outputs = xrealloc(settings->outputs, settings->outputs_count + 1, sizeof *settings->outputs);
    settings->outputs[settings->outputs_count++] = output;
    return 0;
}

const struct flag flags_check[] = {
    {"fail-on", 0, TAKES_CHECK | FLAG_REPEATS, "CLASS,..", set_fail_on,
     "fail on these classes only (default: every error)"},
    {"warn", 0, TAKES_CHECK | FLAG_REPEATS, "CLASS,..", set_warn, "only warn of these classes"},
    {"max-leaks", 0, TAKES_CHECK, "N", set_max_leaks, "pass while there are no more than N leaks (default 0)"},
    {"exit-code", 0, TAKES_CHECK, "N", set_exit_code, "what to exit with when leaks are found (default 1)"},
    {"output", 0, TAKES_CHECK | FLAG_REPEATS | FLAG_TYPED, "FMT=FILE", add_output,
     "a report of another format to FILE as well (repeatable)"},
    {"allow-incomplete", 0, TAKES_CHECK | TAKES_BASELINE, NULL, set_allow_incomplete,
     "an unfinished trace without a leak is clean"},
    {"grace", 0, TAKES_CHECK | TAKES_BASELINE | TAKES_ACCEPT, "TIME", set_grace,
     "wait so long for a program that still runs (default 200ms)"},
    {0},
};
