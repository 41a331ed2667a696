#include "accept.h"
#include "check.h"

int cmd_check(int argc, char **argv)
{
    struct settings settings;
    struct checked checked = {0};
    int code = EXIT_TROUBLE;
    int rc = settings_read(&settings, "check", argc, argv);
    if (rc != 0) {
        code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
        goto done;
    }
    if (settings.arguments_count == 0) {
        complain("check", "which trace? (usage: %s)", settings.command->usage);
        goto done;
    }
    if (accept_open(&settings) < 0 || settings_open(&settings, settings.output) < 0)
        goto done;
    for (size_t i = 0; i < settings.arguments_count; i++)
        checked_add(&checked, settings.arguments[i], &settings);
    code = settings_close(&settings, checked_report(&checked, &settings));
done:
    checked_free(&checked);
    accept_close(&settings);
    settings_free(&settings);
    return code;
}
