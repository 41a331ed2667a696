/* `leash timeline`: a lane a task, a character a column of time. */
#include "escape.h"
#include "picture.h"
#include "text/text_lines.h"
#include "utf8.h"
#include "words/timeline_words.h"

#include <string.h>

struct lanes {
    struct text text;
    const struct model_timeline *timeline;
    size_t names; /* width of their column */
};

/* What fits of an escaped text; a '~' stands for the rest. */
static void add_cut(struct lanes *lanes, enum text_role role, const char *words)
{
    struct buffer escaped = {0};
    escape_text(&escaped, words, lanes->text.options->ascii);
    size_t width = escape_width(buffer_text(&escaped)), bytes = escaped.length;
    if (width > lanes->names) {
        for (size_t left = width - lanes->names + 1; left; left--)
            while (bytes && utf8_goes_on(escaped.text[--bytes]))
                ;
        escaped.text[bytes] = '\0';
        escaped.length = bytes;
        buffer_add(&escaped, "~");
        width = lanes->names;
    }
    text_add(&lanes->text, role, buffer_text(&escaped));
    buffer_pad(&lanes->text.line, lanes->names - width + 1, ' ');
    buffer_free(&escaped);
}

/* A line that is no task's. */
static void print_strip(struct lanes *lanes, const char *name, const char *cells)
{
    text_add(&lanes->text, TEXT_PLAIN, "  ");
    add_cut(lanes, TEXT_DIM, name);
    text_add(&lanes->text, TEXT_DIM, cells);
    text_end(&lanes->text);
}

static enum text_role role_of(char glyph)
{
    static const struct {
        enum model_lane_state state;
        enum text_role role;
    } roles[] = {{MODEL_LANE_RUNNING, TEXT_OK},   {MODEL_LANE_READY, TEXT_WARN},       {MODEL_LANE_WAITING, TEXT_DIM},
                 {MODEL_LANE_LOCKED, TEXT_ERROR}, {MODEL_LANE_FAILED, TEXT_ERROR},     {MODEL_LANE_LOST, TEXT_ERROR},
                 {MODEL_LANE_DONE, TEXT_STRONG},  {MODEL_LANE_CANCELLED, TEXT_STRONG}, {MODEL_LANE_BEFORE, TEXT_DIM},
                 {MODEL_LANE_AFTER, TEXT_DIM}};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (model_lane_glyph(roles[i].state) == glyph)
            return roles[i].role;
    return TEXT_PLAIN;
}

static void add_cells(struct lanes *lanes, const char *cells)
{
    char run[MODEL_COLUMNS_MAX + 1];
    for (size_t at = 0, length; cells[at]; at += length) {
        for (length = 1; cells[at + length] == cells[at]; length++)
            ;
        memcpy(run, cells + at, length);
        run[length] = '\0';
        text_add(&lanes->text, role_of(cells[at]), run);
    }
}

static void print_lane(struct lanes *lanes, const struct model_lane *lane)
{
    struct buffer name = {0};
    timeline_name(&name, lane);
    text_add(&lanes->text, TEXT_ERROR, lane->leaked ? "!" : "");
    text_add(&lanes->text, TEXT_PLAIN, lane->leaked ? " " : "  ");
    add_cut(lanes, TEXT_PLAIN, buffer_text(&name));
    add_cells(lanes, lane->cells);
    text_end(&lanes->text);
    buffer_free(&name);
}

static void print_head(struct lanes *lanes, const struct picture_lanes *picture)
{
    const struct model_window *window = &lanes->timeline->window;
    struct buffer words = {0};
    timeline_title(&words, window);
    text_add(&lanes->text, TEXT_STRONG, "Timeline");
    text_format(&lanes->text, TEXT_PLAIN, "  %s   by: spawn tree   %zu of %zu", buffer_text(&words),
                lanes->timeline->count, picture->tasks);
    text_end(&lanes->text);
    buffer_clear(&words);
    timeline_labels(&words, window);
    print_strip(lanes, "TASK", buffer_text(&words));
    buffer_clear(&words);
    timeline_ticks(&words, window);
    print_strip(lanes, "", buffer_text(&words));
    buffer_free(&words);
}

static void print_foot(struct lanes *lanes, const struct picture_lanes *picture)
{
    struct buffer words = {0};
    if (picture->more) {
        text_format(&lanes->text, TEXT_DIM, "  and %zu more tasks lived then (--limit N shows more)", picture->more);
        text_end(&lanes->text);
    }
    if (lanes->timeline->busy) {
        print_strip(lanes, "loop busy", lanes->timeline->busy);
        print_strip(lanes, "ready queue", lanes->timeline->ready);
    }
    timeline_legend(&words);
    text_format(&lanes->text, TEXT_DIM, "  %s", buffer_text(&words));
    text_end(&lanes->text);
    if (!lanes->timeline->steps) {
        text_add(&lanes->text, TEXT_DIM, "  steps were not recorded (level lifecycle): running is what is no wait");
        text_end(&lanes->text);
    }
    buffer_free(&words);
}

void text_timeline(const struct report_options *options, const struct picture_lanes *picture)
{
    struct lanes lanes = {.text.options = options, .timeline = picture->timeline, .names = picture->names_width};
    if (options->verbosity >= 0)
        print_head(&lanes, picture);
    for (size_t i = 0; i < picture->timeline->count; i++)
        print_lane(&lanes, &picture->timeline->lanes[i]);
    if (options->verbosity >= 0)
        print_foot(&lanes, picture);
    buffer_free(&lanes.text.line);
}
