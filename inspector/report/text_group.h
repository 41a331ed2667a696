#ifndef LEASH_INSPECTOR_TEXT_GROUP_H
#define LEASH_INSPECTOR_TEXT_GROUP_H

#include "text_lines.h"

/* One group of findings, with an empty line after it. */
void text_group(struct text *text, const struct model_snapshot *snapshot, const struct model_group *group);

#endif
