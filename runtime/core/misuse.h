/* Misuse: calls that are refused, said clearly and recorded. */
#ifndef LEASH_CORE_MISUSE_H
#define LEASH_CORE_MISUSE_H

#include "types.h"

/* Notes the message for leash_last_error(), records the event with the stack of the call, and prints it on stderr, once
 * a site (or a process, for calls that carry none) unless report=0. Returns `error` and sets errno to it. */
int leash__misuse(enum leash_misuse kind, struct leash_site *site, int error, const char *format, ...)
    __attribute__((format(printf, 4, 5), cold));
/* Only notes the message: for what is no mistake of the program (no memory). Returns `error` and sets errno. */
int leash__refused(int error, const char *format, ...) __attribute__((format(printf, 2, 3), cold));

#endif
