/* The parts of manual pages that are made from tables: of commands, flags, columns, classes, a filter's fields. */
#ifndef LEASH_INSPECTOR_MANUAL_H
#define LEASH_INSPECTOR_MANUAL_H

#include <stdio.h>

/* Copies a page of man(7) macros; a line "@name@" becomes what is made under that name. The exit code: trouble if
 * nothing is. */
int manual_fill(FILE *in, FILE *out);

#endif
