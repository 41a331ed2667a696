/* The Leaks view of a trace in which there are none. */
#ifndef LEASH_INSPECTOR_LEAKS_NONE_H
#define LEASH_INSPECTOR_LEAKS_NONE_H

#include "styled.h"
#include "tui.h"

void leaks_none(struct tui *tui, size_t suppressed, struct lines *out);

#endif
