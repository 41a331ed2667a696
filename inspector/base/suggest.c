#include "suggest.h"

#include <string.h>

#define WORD_MAX 40

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Edits (insert, delete, change, swap of neighbours) between two words of at most WORD_MAX letters. */
static size_t edits(const char *a, size_t la, const char *b, size_t lb)
{
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= lb; j++)
        last[j] = before[j] = j;
    for (size_t i = 1; i <= la; i++) {
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = least(last[j] + 1, row[j - 1] + 1, last[j - 1] + change);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
        size_t *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[lb];
}

void suggest_begin(struct suggestion *suggestion, const char *typed)
{
    size_t length = strlen(typed);
    *suggestion = (struct suggestion){.typed = typed, .distance = length / 3 + 2};
}

void suggest_offer(struct suggestion *suggestion, const char *known)
{
    size_t length = strlen(suggestion->typed), other = strlen(known);
    if (length == 0 || length > WORD_MAX || other > WORD_MAX)
        return;
    size_t distance = edits(suggestion->typed, length, known, other);
    if (length >= 3 && other > length && strncmp(suggestion->typed, known, length) == 0)
        distance = 1; /* the beginning of a longer word */
    if (distance < suggestion->distance && distance < other) {
        suggestion->distance = distance;
        suggestion->best = known;
    }
}
