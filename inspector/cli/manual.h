/* The parts of leash(1) that are made from the tables of commands, flags, columns and classes. */
#ifndef LEASH_INSPECTOR_MANUAL_H
#define LEASH_INSPECTOR_MANUAL_H

#include <stdio.h>

/* Copies a page of man(7) macros; a line "@name@" becomes what is made under that name. The exit code: trouble if
 * nothing is. */
int manual_fill(FILE *in, FILE *out);

#endif
