/* A timeline: lanes of glyphs, and what they stand for. */
#include "json/json.h"
#include "picture.h"

static json_t *legend(void)
{
    json_t *words = json_object();
    for (int state = MODEL_LANE_WAITING; state < MODEL_LANE_STATES; state++) {
        char glyph[2] = {model_lane_glyph((enum model_lane_state)state), '\0'};
        json_object_set_new(words, glyph, json_string(model_lane_words((enum model_lane_state)state)));
    }
    return words;
}

void json_timeline(const struct report_options *options, const struct picture_lanes *picture)
{
    const struct model_timeline *timeline = picture->timeline;
    json_t *lanes = json_array();
    for (size_t i = 0; i < timeline->count; i++) {
        const struct model_lane *lane = &timeline->lanes[i];
        json_array_append_new(lanes, json_pack("{so,so,sI,sb,ss}", "id", json_ref(lane->ref), "label",
                                               json_words(lane->label), "depth", (json_int_t)lane->depth, "leaked",
                                               (int)lane->leaked, "cells", lane->cells));
    }
    json_print(options,
               json_pack("{ss,sI,sI,sI,sb,sI,sI,so,so,so,so}", "schema", "leash.timeline/1", "from_ns",
                         (json_int_t)timeline->window.from_ns, "to_ns", (json_int_t)timeline->window.to_ns, "columns",
                         (json_int_t)timeline->window.columns, "steps", (int)timeline->steps, "tasks",
                         (json_int_t)picture->tasks, "more", (json_int_t)picture->more, "lanes", lanes, "loop_busy",
                         json_words(timeline->busy), "ready_queue", json_words(timeline->ready), "legend", legend()));
}
