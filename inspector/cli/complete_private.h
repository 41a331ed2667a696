/* Shared by the files that answer what may be typed. */
#ifndef LEASH_INSPECTOR_COMPLETE_PRIVATE_H
#define LEASH_INSPECTOR_COMPLETE_PRIVATE_H

#include "complete.h"
#include "flags.h"

struct completion {
    FILE *out;
    char **words;
    size_t count, index;
    const struct command *command; /* NULL: its name is being typed */
    const char *typed;             /* words[index] */
    size_t kept;                   /* bytes of it in front of what is offered: "--flag=", "a,b," */
    size_t position;               /* how many arguments stand before it */
    bool rest;                     /* what begins with '-' is no flag any more */
    size_t offered;                /* words, up to now */
    const char *first;             /* the first of them (a list's name), NULL: it is being typed */
};

/* Prints a word if it begins as the typed one does. `meaning` may be NULL. */
void offer(struct completion *completion, const char *word, const char *meaning);
/* "a|b|c", up to `length` bytes */
void offer_alternatives(struct completion *completion, const char *words, size_t length);
/* The value of a flag; by what the flag calls it. */
void offer_value(struct completion *completion, const struct flag *flag);

/* complete_trace.c: out of the trace on the line. False: there is none on it. */
bool offer_ids(struct completion *completion);
void offer_sites(struct completion *completion);
/* Classes of which there are findings. */
void offer_found_classes(struct completion *completion);

#endif
