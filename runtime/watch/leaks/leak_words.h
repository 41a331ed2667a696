/* What a report says of each class of leak: the words of the rules in traces/rules, for a process that has no trace. */
#ifndef LEASH_WATCH_LEAK_WORDS_H
#define LEASH_WATCH_LEAK_WORDS_H

struct leash__leak_words {
    const char *class;
    char severity;          /* 'E' or 'W'; 0: of either */
    const char *one, *many; /* sentences; {name} and {count} are filled in */
    const char *hint;
};

/* Of a class as grave as this, for few have other words then. Never NULL: an unknown class gets plain words, with its
 * `class` NULL and hint "". */
const struct leash__leak_words *leash__leak_words(const char *class, char severity);
/* The known ones in order of precedence; the last has class NULL. */
extern const struct leash__leak_words leash__leak_words_all[];

#endif
