#ifndef LEASH_INSPECTOR_TEXT_GROUP_H
#define LEASH_INSPECTOR_TEXT_GROUP_H

#include "text/text_lines.h"

/* One group of findings, with an empty line after it. */
void text_group(struct text *text, const struct model_snapshot *snapshot, const struct model_group *group);
/* The same without colours and without the empty line, to be freed; for formats that hold the text report of a group.
 */
char *text_group_plain(const struct report_options *options, const struct model_snapshot *snapshot,
                       const struct model_group *group);

#endif
