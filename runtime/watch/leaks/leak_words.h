/* What a report says of each class of leak: the words of the rules in traces/rules, for a process that has no trace. */
#ifndef LEASH_WATCH_LEAK_WORDS_H
#define LEASH_WATCH_LEAK_WORDS_H

struct leash__leak_words {
    const char *class;
    const char *one, *many; /* sentences; {name} and {count} are filled in */
    const char *hint;
};

/* Never NULL: an unknown class gets plain words, with its `class` NULL and hint "". */
const struct leash__leak_words *leash__leak_words(const char *class);
/* The known ones in order of precedence; the last has class NULL. */
extern const struct leash__leak_words leash__leak_words_all[];

#endif
