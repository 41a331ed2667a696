/* What a trace tells of an object beside how it is waited for. */
#ifndef LEASH_INSPECTOR_SHOW_OBJECT_H
#define LEASH_INSPECTOR_SHOW_OBJECT_H

#include "loader.h"
#include "show.h"

enum { DETAIL_ROWS_MAX = 12 }; /* of one kind */
/* Adds to what is told of a subject; there is room for model_fact's that matter. */
void detail_add_fact(struct model_detail *detail, const char *label, const char *text);
/* "  src/a.c:12", or "". */
const char *detail_site_text(struct loader *loader, int64_t site);
/* How much it takes, who holds and who held it, what was asked of it, of what it is made. */
void detail_add_object(struct loader *loader, int64_t id, struct model_detail *detail);

#endif
