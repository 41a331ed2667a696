/* Flags of the terminal interface. */
#include "flags.h"

#include <stdio.h>

static int set_view(struct settings *settings, const char *value)
{
    settings->interface.view = value;
    return 0;
}

static int set_follow(struct settings *settings, const char *value)
{
    (void)value;
    settings->interface.follow = true;
    return 0;
}

static int set_script(struct settings *settings, const char *value)
{
    settings->interface.script = value;
    return 0;
}

static int set_size(struct settings *settings, const char *value)
{
    struct interface_settings *interface = &settings->interface;
    char rest;
    if (sscanf(value, "%4dx%4d%c", &interface->cols, &interface->rows, &rest) == 2 && interface->cols > 0 &&
        interface->rows > 0)
        return 0;
    return flag_wrong_value(settings, "--size", value, "columns x rows, like 100x30");
}

static int set_no_mouse(struct settings *settings, const char *value)
{
    (void)value;
    settings->interface.no_mouse = true;
    return 0;
}

static int set_keys(struct settings *settings, const char *value)
{
    (void)value;
    settings->interface.keys = true;
    return 0;
}

const struct flag flags_tui[] = {
    {"view", 0, TAKES_TUI, "V", set_view, "which view first (default: leaks)"},
    {"follow", 0, TAKES_TUI, NULL, set_follow, "follow a program that still records"},
    {"script", 0, TAKES_TUI | FLAG_TYPED, "FILE", set_script, "keys and commands from FILE, without a terminal"},
    {"size", 0, TAKES_TUI, "WxH", set_size, "the screen of a script (default 100x30)"},
    {"no-mouse", 0, TAKES_TUI, NULL, set_no_mouse, "leave the mouse to the terminal"},
    {"keys", 0, TAKES_TUI, NULL, set_keys, "print the table of keys"},
    {0},
};
