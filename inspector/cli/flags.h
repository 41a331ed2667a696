/* Flags: tables of words, one a topic, that make the parser, the help, the manual and the completions. */
#ifndef LEASH_INSPECTOR_FLAGS_H
#define LEASH_INSPECTOR_FLAGS_H

#include "command.h"
#include "suggest.h"

struct flag {
    const char *name;     /* without "--"; NULL: only the letter */
    char letter;          /* 0: only the name */
    unsigned takes;       /* by which subcommands it is taken (TAKES_), and FLAG_ */
    const char *argument; /* what its value is called; "a|b|c": these words; NULL: it takes none */
    int (*set)(struct settings *settings, const char *value); /* 0, or -EINVAL with a message printed */
    const char *help;
};

/* Beside TAKES_ in `takes`. */
enum {
    FLAG_FIRST = 1 << 28,   /* before all others: it adds words that their values may be */
    FLAG_REPEATS = 1 << 29, /* each value adds to those before; else the last one counts */
    FLAG_TYPED = 1 << 30    /* only on the command line, in no configuration: it names a file that is written */
};

/* Flags of any subcommand. */
#define TAKES_ANY (~(unsigned)(FLAG_FIRST | FLAG_REPEATS | FLAG_TYPED))

/* The topics; a table ends with an entry that has neither name nor letter. A new one goes into the list in flags.c. */
extern const struct flag flags_run[], flags_check[], flags_accept[], flags_list[], flags_export[], flags_picture[],
    flags_tui[], flags_global[];

/* The flags that a subcommand takes, in the order of its help; NULL after the last. */
const struct flag *flag_at(unsigned takes, size_t index);
const struct flag *flag_named(unsigned takes, const char *name, size_t length);
const struct flag *flag_lettered(unsigned takes, char letter);
/* Offers their names. */
void flag_suggest(struct suggestion *near, unsigned takes);
/* Complains that a value is not what was wanted; -EINVAL. */
int flag_wrong_value(const struct settings *settings, const char *flag, const char *value, const char *wanted);

/* Setters that more than one topic has. */
int flag_set_output(struct settings *settings, const char *value);
int flag_set_quiet(struct settings *settings, const char *value);
/* The format of that name. */
int flag_format(struct settings *settings, const char *name, const struct report_format **format);
/* "never-awaited,deadlock" into bits of classes. */
int flag_classes(struct settings *settings, const char *flag, const char *value, uint32_t *classes);

/* flags_global.c: looks for source code in a folder. */
int flag_add_source(struct settings *settings, const char *value);

#endif
