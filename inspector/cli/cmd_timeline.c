#include "command.h"
#include "picture.h"

#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_DEFAULT 100
#define NAMES_MAX     24
#define LANES_DEFAULT 200

static unsigned width_of(const struct settings *settings)
{
    struct winsize size;
    if (settings->picture.width)
        return settings->picture.width;
    bool known = !settings->output && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= PICTURE_WIDTH_MIN;
    return !known ? WIDTH_DEFAULT : size.ws_col > PICTURE_WIDTH_MAX ? PICTURE_WIDTH_MAX : size.ws_col;
}

/* From when to when, and how wide. False: a message was printed. */
static bool find_window(struct trace *trace, const struct settings *settings, struct model_window *window,
                        size_t *names_width)
{
    const struct picture_settings *picture = &settings->picture;
    char why[1024], from[MODEL_TIME_TEXT], to[MODEL_TIME_TEXT];
    unsigned width = width_of(settings);
    *names_width = width / 3 < NAMES_MAX ? width / 3 : NAMES_MAX;
    window->columns = width - (unsigned)*names_width - 3;
    if (model_timeline_extent(trace, &window->from_ns, &window->to_ns, why, sizeof why) < 0) {
        complain("timeline", "%s", why);
        return false;
    }
    if (picture->from_ns != MODEL_NEVER)
        window->from_ns = picture->from_ns;
    if (picture->to_ns != MODEL_NEVER)
        window->to_ns = picture->to_ns;
    if (window->from_ns < window->to_ns)
        return true;
    model_time_text(window->from_ns, from);
    model_time_text(window->to_ns, to);
    if (picture->to_ns == MODEL_NEVER)
        complain("timeline", "--from %s: the run was over at %s", from, to);
    else
        complain("timeline", "--from %s is not before --to %s", from, to);
    return false;
}

static int print_lanes(struct settings *settings, struct trace *trace, const struct model_window *window,
                       const struct model_spawn *spawn, struct picture_lanes *picture)
{
    struct model_timeline timeline;
    char why[1024];
    size_t limit = settings->list.limit < 0 ? LANES_DEFAULT : (size_t)settings->list.limit;
    size_t shown = spawn->count < limit ? spawn->count : limit;
    if (model_timeline_load(trace, window, spawn->tasks, shown, &timeline, why, sizeof why) < 0) {
        complain("timeline", "%s", why);
        return EXIT_TROUBLE;
    }
    int code = EXIT_TROUBLE;
    picture->timeline = &timeline;
    picture->more = spawn->count - shown;
    if (settings_open(settings, settings->output) == 0) {
        picture_format_of(settings->format)->timeline(&settings->report, picture);
        code = settings_close(settings, EXIT_CLEAN);
    }
    picture->timeline = NULL;
    model_timeline_free(&timeline);
    return code;
}

static int show(struct settings *settings, struct trace *trace, struct model_ref family)
{
    struct model_window window;
    struct model_spawn spawn;
    struct picture_lanes picture = {0};
    char why[1024], text[MODEL_REF_TEXT];
    int code = EXIT_TROUBLE;
    if (!find_window(trace, settings, &window, &picture.names_width))
        return EXIT_TROUBLE;
    if (model_spawn_load(trace, &spawn, why, sizeof why) < 0) {
        complain("timeline", "%s", why);
        return EXIT_TROUBLE;
    }
    picture.tasks = spawn.count;
    if (family.kind != MODEL_NONE && model_spawn_find(&spawn, family.id) == SIZE_MAX) {
        complain("timeline", "%s: no task in it is called %s (`leash list tasks` names what there is)",
                 trace_path(trace), model_ref_text(family, text));
    } else {
        model_spawn_narrow(&spawn, window.from_ns, window.to_ns, family.kind == MODEL_NONE ? 0 : family.id);
        code = print_lanes(settings, trace, &window, &spawn, &picture);
    }
    model_spawn_free(&spawn);
    return code;
}

int cmd_timeline(int argc, char **argv)
{
    struct settings settings;
    struct trace *trace;
    struct model_ref family;
    const char *path;
    int rc = settings_read(&settings, "timeline", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc != 0 || !settings_picture(&settings) || !settings_part(&settings, &family, &path))
        goto done;
    if (family.kind != MODEL_NONE && family.kind != MODEL_TASK) {
        complain("timeline", "\"%s\" is no task: #31 is one", settings.arguments[0]);
        goto done;
    }
    trace = settings_trace(&settings, path);
    if (!trace)
        goto done;
    code = show(&settings, trace, family);
    trace_close(trace);
done:
    settings_free(&settings);
    return code;
}
