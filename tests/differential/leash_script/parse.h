/* The steps of script_read, for its own files. */
#ifndef LEASH_SCRIPT_PARSE_H
#define LEASH_SCRIPT_PARSE_H

#include "script.h"

/* Says why the script is refused, with file and line. False, for `return`. */
__attribute__((format(printf, 4, 5))) bool script_refuse(const struct script *script, FILE *errors, unsigned line,
                                                         const char *format, ...);
bool script_is_number(const char *word);
/* UINT64_MAX where the number is larger. */
uint64_t script_number(const char *word);

/* From text to ops whose words are only known as text. */
bool script_parse(struct script *script, FILE *errors);
/* Checks every word of every op, and fills in what it means. */
bool script_resolve(struct script *script, FILE *errors);

#endif
