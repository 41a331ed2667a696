/* What a test accepts: the part of leash-suppressions(5) that can be told without a trace. An entry that says more than
 * can be told here accepts nothing, so that nothing is hidden by half of it. */
#include "leak_glob.h"

#include <ports.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static bool same(struct leash__part part, const char *word)
{
    size_t length = (size_t)(part.end - part.at);
    return strlen(word) == length && memcmp(part.at, word, length) == 0;
}

/* ---- what a glob is compared with ---- */

/* Found anywhere in the text; '^' and '$' tie it to the beginning and the end. */
static bool is_in(struct leash__part glob, const char *text)
{
    char pattern[256];
    bool begin = glob.at < glob.end && *glob.at == '^', end = glob.at < glob.end && glob.end[-1] == '$';
    int length = snprintf(pattern, sizeof pattern, "%s%.*s%s", begin ? "" : "**",
                          (int)(glob.end - glob.at) - begin - end, glob.at + begin, end ? "" : "**");
    return length > 0 && (size_t)length < sizeof pattern &&
           leash__glob_matches((struct leash__part){pattern, pattern + length}, text);
}

/* The whole path, or what follows any '/' of it; '^': only the whole. */
static bool is_file(struct leash__part glob, const char *path)
{
    if (glob.at < glob.end && *glob.at == '^')
        return leash__glob_matches((struct leash__part){glob.at + 1, glob.end}, path);
    for (const char *at = path; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (leash__glob_matches(glob, at))
            return true;
    }
    return false;
}

/* ---- entries ---- */

static bool has_class(struct leash__part classes, const struct leash__leak *leak)
{
    while (classes.at < classes.end) {
        const char *comma = memchr(classes.at, ',', (size_t)(classes.end - classes.at));
        struct leash__part class = {classes.at, comma ? comma : classes.end};
        if (same(class, "*") || same(class, leak->class))
            return true;
        for (const char *also = leak->also; *also; also += strcspn(also, ","), also += *also == ',')
            if (strncmp(also, class.at, (size_t)(class.end - class.at)) == 0 &&
                strcspn(also, ",") == (size_t)(class.end - class.at))
                return true;
        classes.at = comma ? comma + 1 : classes.end;
    }
    return false;
}

/* The last day, in UTC, has not passed. */
static bool holds_until(struct leash__part date)
{
    char today[32];
    time_t now = time(NULL);
    struct tm parts;
    size_t length = (size_t)(date.end - date.at);
    gmtime_r(&now, &parts);
    return length == 10 && strftime(today, sizeof today, "%Y-%m-%d", &parts) == length &&
           memcmp(today, date.at, length) <= 0;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static bool has_error(struct leash__part glob, const char *failure)
{
    char name[64];
    const char *colon = strstr(failure, ": ");
    snprintf(name, sizeof name, "%.*s", colon ? (int)(colon - failure) : (int)sizeof name - 1, failure);
    return *failure && (leash__glob_matches(glob, name) || (colon && leash__glob_matches(glob, colon + 2)));
}

/* Of what it waits for the kind, or the name: "sleep at ...", "task #7 \"server\" at ...". */
static bool has_target(struct leash__part glob, const char *waits_for)
{
    char kind[64], name[128];
    const char *quote = strchr(waits_for, '"');
    snprintf(kind, sizeof kind, "%.*s", (int)strcspn(waits_for, " "), waits_for);
    snprintf(name, sizeof name, "%.*s", quote ? (int)strcspn(quote + 1, "\"") : 0, quote ? quote + 1 : "");
    return *kind && (leash__glob_matches(glob, kind) || (*name && leash__glob_matches(glob, name)));
}

static bool has_field(struct leash__part key, struct leash__part glob, const struct leash__leak *leak)
{
    if (same(key, "name"))
        return leash__glob_matches(glob, or_empty(leak->given));
    if (same(key, "fn"))
        return leash__glob_matches(glob, leak->func);
    if (same(key, "coro"))
        return leash__glob_matches(glob, or_empty(leak->coro));
    if (same(key, "file"))
        return is_file(glob, leak->file);
    if (same(key, "err"))
        return has_error(glob, leak->failure);
    if (same(key, "waits-for"))
        return has_target(glob, leak->waits_for);
    if (same(key, "test"))
        return leash__glob_matches(glob, or_empty(leak->test));
    if (same(key, "until"))
        return holds_until(glob);
    return same(key, "reason") || same(key, "issue");
}

/* The end of a word that looks like `key=`; NULL: it does not. */
static const char *key_end(const char *at, const char *end)
{
    const char *from = at;
    while (at < end && ((*at >= 'a' && *at <= 'z') || *at == '-'))
        at++;
    return at > from && at < end && *at == '=' ? at : NULL;
}

/* The value at *at, past which it moves: up to the next key or a comment, or what stands in quotation marks. */
static struct leash__part value(struct leash__part *rest)
{
    struct leash__part value = *rest;
    if (rest->at < rest->end && *rest->at == '"') {
        const char *close = memchr(rest->at + 1, '"', (size_t)(rest->end - rest->at - 1));
        value = (struct leash__part){rest->at + 1, close ? close : rest->end};
        rest->at = close ? close + 1 : rest->end;
        return value;
    }
    const char *at = rest->at;
    while (at < rest->end && !(*at == ' ' && at + 1 < rest->end && (at[1] == '#' || key_end(at + 1, rest->end))))
        at++;
    value.end = at;
    rest->at = at;
    while (value.end > value.at && value.end[-1] == ' ')
        value.end--;
    return value;
}

static bool all_fields(struct leash__part rest, const struct leash__leak *leak)
{
    while (rest.at < rest.end && *rest.at != '#') {
        const char *key = key_end(rest.at, rest.end);
        if (*rest.at == ' ') {
            rest.at++;
            continue;
        }
        if (!key)
            return false;
        struct leash__part name = {rest.at, key};
        rest.at = key + 1;
        if (!has_field(name, value(&rest), leak))
            return false;
    }
    return true;
}

static bool entry_accepts(struct leash__part line, const struct leash__leak *leak)
{
    const char *colon = memchr(line.at, ':', (size_t)(line.end - line.at));
    if (line.at == line.end || *line.at == '#' || !colon || !has_class((struct leash__part){line.at, colon}, leak))
        return false;
    struct leash__part rest = {colon + 1, line.end};
    if (rest.at < rest.end && key_end(rest.at, rest.end))
        return all_fields(rest, leak);
    struct leash__part glob = value(&rest);
    return glob.at < glob.end &&
           (is_in(glob, leak->func) || is_in(glob, or_empty(leak->coro)) || is_in(glob, or_empty(leak->given))) &&
           all_fields(rest, leak);
}

bool leash__leak_accepted(const struct leash__leak *leak, const char *suppressions)
{
    bool in_block = false;
    for (const char *at = suppressions; at && *at;) {
        struct leash__part line = {at, at + strcspn(at, "\n")};
        at = line.end + (*line.end == '\n');
        while (line.at < line.end && (*line.at == ' ' || *line.at == '\t'))
            line.at++;
        while (line.end > line.at && (line.end[-1] == ' ' || line.end[-1] == '\t' || line.end[-1] == '\r'))
            line.end--;
        if (line.at < line.end && *line.at == '{')
            in_block = true;
        if (!in_block && entry_accepts(line, leak))
            return true;
        if (line.at < line.end && line.end[-1] == '}')
            in_block = false;
    }
    return false;
}
