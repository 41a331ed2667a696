#include "search.h"
#include "alloc.h"
#include "utf8.h"

#include <ctype.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_PARTS_MAX 32
#define REPEAT_MAX     1000 /* the product of all bounds of an expression */

struct search {
    enum search_kind kind;
    bool any_case;
    regex_t regex; /* of a REGEX */
    char text[];
};

static bool has_capital(const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' && text[1])
            text++; /* \W is a class of characters, \* a star */
        else if (isupper((unsigned char)*text))
            return true;
    }
    return false;
}

static char folded(char c, bool any_case)
{
    return any_case && c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Does `glob` match text[0 .. length)? Goes back only to the last star: time is the product of the lengths. */
static bool glob_matches(const char *glob, const char *text, size_t length, bool any_case)
{
    const char *star = NULL, *end = text + length, *from = NULL;
    while (text < end) {
        if (*glob == '*') {
            star = ++glob;
            from = text;
        } else if (*glob == '?') {
            glob++;
            while (++text < end && utf8_goes_on(*text))
                continue;
        } else if (*glob && folded(*glob, any_case) == folded(*text, any_case)) {
            glob++;
            text++;
        } else if (star) {
            glob = star;
            text = ++from;
        } else {
            return false;
        }
    }
    return glob[strspn(glob, "*")] == '\0';
}

static bool path_matches(const struct search *search, const char *text, size_t length)
{
    const char *end = text + length, *colon = memrchr(text, ':', length);
    bool numbered = colon && colon + 1 < end && colon + 1 + strspn(colon + 1, "0123456789") == end;
    for (int part = 0; part < PATH_PARTS_MAX; part++) {
        if (glob_matches(search->text, text, (size_t)(end - text), search->any_case))
            return true;
        if (numbered && colon > text && glob_matches(search->text, text, (size_t)(colon - text), search->any_case))
            return true;
        const char *slash = memchr(text, '/', (size_t)(end - text));
        if (!slash)
            return false;
        text = slash + 1;
    }
    return false;
}

/* What would make the matcher's tables or its time explode. */
static const char *regex_problem(const char *text)
{
    long product = 1;
    for (; *text; text++) {
        if (*text == '\\' && text[1]) {
            text++;
            if (*text >= '1' && *text <= '9')
                return "a back reference is not known here";
        } else if (*text == '{') {
            const char *bound = strpbrk(text, ",}");
            long low = strtol(text + 1, NULL, 10), high = bound && *bound == ',' ? strtol(bound + 1, NULL, 10) : low;
            long most = low > high ? low : high;
            if (most > REPEAT_MAX || (most > 1 && (product *= most) > REPEAT_MAX))
                return "it repeats too often";
        }
    }
    return NULL;
}

static bool compile(struct search *search, char *why, size_t room)
{
    const char *problem = regex_problem(search->text);
    if (problem) {
        snprintf(why, room, "%s", problem);
        return false;
    }
    int rc = regcomp(&search->regex, search->text, REG_EXTENDED | REG_NOSUB | (search->any_case ? REG_ICASE : 0));
    if (rc)
        regerror(rc, &search->regex, why, room);
    return rc == 0;
}

struct search *search_new(enum search_kind kind, const char *text, char *why, size_t room)
{
    size_t length = strlen(text);
    if (length > SEARCH_MAX) {
        snprintf(why, room, "it is longer than %d bytes", SEARCH_MAX);
        return NULL;
    }
    struct search *search = xcalloc(1, sizeof *search + length + 1);
    search->kind = kind;
    search->any_case = !has_capital(text);
    memcpy(search->text, text, length);
    if (kind != SEARCH_REGEX || compile(search, why, room))
        return search;
    free(search);
    return NULL;
}

static bool matches(const struct search *search, const char *text, size_t length)
{
    switch (search->kind) {
    case SEARCH_WORD:
        return (search->any_case ? strcasestr(text, search->text) : strstr(text, search->text)) != NULL;
    case SEARCH_GLOB:
        return glob_matches(search->text, text, length, search->any_case);
    case SEARCH_PATH:
        return path_matches(search, text, length);
    default:
        return regexec(&search->regex, text, 0, NULL, 0) == 0;
    }
}

bool search_matches(const struct search *search, const char *text)
{
    size_t length = strnlen(text, SEARCH_TEXT_MAX + 1);
    char cut[SEARCH_TEXT_MAX + 1];
    if (length <= SEARCH_TEXT_MAX)
        return matches(search, text, length);
    memcpy(cut, text, SEARCH_TEXT_MAX);
    cut[SEARCH_TEXT_MAX] = '\0';
    return matches(search, cut, SEARCH_TEXT_MAX);
}

void search_free(struct search *search)
{
    if (!search)
        return;
    if (search->kind == SEARCH_REGEX)
        regfree(&search->regex);
    free(search);
}
