/* Descriptors of a loop that operations work on, or that leash_file_open has made. A descriptor is closed only when
 * nothing works on it any more: else a thread might come to write into another file that has got its number. The
 * loop's thread. */
#ifndef LEASH_IO_FILE_TABLE_H
#define LEASH_IO_FILE_TABLE_H

#include "types.h"

/* An operation on fd is about to begin. 0, also for -1; -EBADF: it is being closed; -ENOMEM. */
int leash__file_busy(struct leash__loop *loop, int fd);
/* It has come to its end: a close that was put off happens now. */
void leash__file_idle(struct leash__loop *loop, int fd);
/* Nobody will tell when it comes to its end: the loop's has come. A close that was put off does not happen. */
void leash__file_forget(struct leash__loop *loop, int fd);
/* 1: something works on fd, and it will be closed then; 0: nothing does; -EBADF: it is being closed already. */
int leash__file_close_later(struct leash__loop *loop, int fd, struct leash_site *site);

/* leash_file_open has made it: an object of the trace until it is closed. Without memory nobody will know. */
void leash__file_opened(struct leash__loop *loop, int fd, const char *path, struct leash_site *site);
/* leash_file_close is about to close it, or put that off. */
void leash__file_closed(struct leash__loop *loop, int fd);
/* For the trace, if there is one: the descriptor's path, if leash_file_open has made it; else "fd N". */
enum { LEASH__FILE_SUBJECT = 112 };
void leash__file_subject(const struct leash__loop *loop, int fd, char text[LEASH__FILE_SUBJECT]);

#endif
