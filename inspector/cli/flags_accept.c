/* What the user accepts. */
#include "accept.h"
#include "alloc.h"
#include "flags.h"
#include "user_rule.h"

#include <errno.h>

static int add_suppressions(struct settings *settings, const char *value)
{
    struct accept_settings *accept = &settings->accept;
    X_GROW(accept->files, accept->files_count, accept->files_capacity);
    accept->files[accept->files_count++] = value;
    return 0;
}

static int set_strict(struct settings *settings, const char *value)
{
    (void)value;
    settings->accept.strict = true;
    return 0;
}

static int set_generate(struct settings *settings, const char *value)
{
    (void)value;
    settings->accept.generate = true;
    return 0;
}

static int set_baseline(struct settings *settings, const char *value)
{
    settings->accept.known = value;
    return 0;
}

static int set_ratchet(struct settings *settings, const char *value)
{
    (void)value;
    settings->accept.ratchet = true;
    return 0;
}

static int add_rule(struct settings *settings, const char *value)
{
    struct accept_fault fault;
    if (!settings->accept.rules)
        settings->accept.rules = user_rules_new();
    int rc = user_rules_read(settings->accept.rules, value, &fault);
    if (rc < 0)
        complain_of_fault(settings->command->name, &fault);
    return rc < 0 ? -EINVAL : 0;
}

const struct flag flags_accept[] = {
    {"rule", 0, TAKES_CHECK | TAKES_ACCEPT | FLAG_REPEATS | FLAG_FIRST, "FILE.sql", add_rule,
     "a rule of one's own, beside those of leash (repeatable)"},
    {"suppressions", 0, TAKES_CHECK | TAKES_ACCEPT | FLAG_REPEATS, "FILE", add_suppressions,
     "findings that are accepted (repeatable; .leash.supp, too)"},
    {"strict-suppressions", 0, TAKES_CHECK, NULL, set_strict, "unused, expired or without a reason: exit 2"},
    {"gen-suppressions", 0, TAKES_CHECK, NULL, set_generate, "print what would suppress each group"},
    {"baseline", 'o', TAKES_BASELINE | FLAG_TYPED, "FILE", set_baseline, "the baseline to change"},
    {"baseline", 0, TAKES_CHECK | TAKES_TUI, "FILE", set_baseline,
     "a list of what is known, or an older trace: fail on more"},
    {"ratchet", 0, TAKES_CHECK, NULL, set_ratchet, "fail, too, if the baseline allows more than there is"},
    {0},
};
