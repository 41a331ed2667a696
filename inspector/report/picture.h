/* Pictures of a run: what the views of the terminal interface show, to print. Formats that have none are for checks. */
#ifndef LEASH_INSPECTOR_PICTURE_H
#define LEASH_INSPECTOR_PICTURE_H

#include "graph/forest.h"
#include "report.h"
#include "summary.h"
#include "timeline/timeline.h"

struct picture_lanes {
    const struct model_timeline *timeline;
    size_t tasks;       /* in the trace */
    size_t more;        /* lived within the window, but are not shown */
    size_t names_width; /* of the column before the lanes, in text */
};

struct picture_format {
    const struct report_format *format;
    void (*tree)(const struct report_options *options, const struct model_forest *forest);
    void (*timeline)(const struct report_options *options, const struct picture_lanes *picture);
    void (*summary)(const struct report_options *options, const struct report_trace *trace,
                    const struct model_summary *summary);
};
/* NULL: there are none in that format. */
const struct picture_format *picture_format_of(const struct report_format *format);

/* text_tree.c */
void text_tree(const struct report_options *options, const struct model_forest *forest);
/* json_tree.c */
void json_tree(const struct report_options *options, const struct model_forest *forest);
/* text_timeline.c, json_timeline.c */
void text_timeline(const struct report_options *options, const struct picture_lanes *picture);
void json_timeline(const struct report_options *options, const struct picture_lanes *picture);
/* text_summary.c, json_summary.c */
void text_summary(const struct report_options *options, const struct report_trace *trace,
                  const struct model_summary *summary);
void json_summary(const struct report_options *options, const struct report_trace *trace,
                  const struct model_summary *summary);

#endif
