/* Copying, by every way there is. */
#ifndef LEASH_INSPECTOR_CLIPBOARD_H
#define LEASH_INSPECTOR_CLIPBOARD_H

#include "app.h"

/* To the terminal (OSC 52), to tmux, to $XDG_RUNTIME_DIR/leash.clip; says which of them worked. */
void clipboard_copy(struct app *app, const char *text);

#endif
