/* Pictures of a run: what the views of the terminal interface show, to print. Formats that have none are for checks. */
#ifndef LEASH_INSPECTOR_PICTURE_H
#define LEASH_INSPECTOR_PICTURE_H

#include "graph/forest.h"
#include "report.h"

struct picture_format {
    const struct report_format *format;
    void (*tree)(const struct report_options *options, const struct model_forest *forest);
};
/* NULL: there are none in that format. */
const struct picture_format *picture_format_of(const struct report_format *format);

/* text_tree.c */
void text_tree(const struct report_options *options, const struct model_forest *forest);
/* json_tree.c */
void json_tree(const struct report_options *options, const struct model_forest *forest);

#endif
