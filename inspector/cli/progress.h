/* What takes its time, told on a terminal while it lasts. */
#ifndef LEASH_INSPECTOR_PROGRESS_H
#define LEASH_INSPECTOR_PROGRESS_H

/* After half a second, one line on stderr if that is a terminal: "opening shop.db ... 3s". */
void progress_begin(const char *doing, const char *name);
/* Erases it. Does nothing if nothing was begun. */
void progress_end(void);

#endif
