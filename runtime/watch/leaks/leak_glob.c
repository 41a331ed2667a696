#include "leak_glob.h"

#include <string.h>

static int hex(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* The character that stands at the glob's beginning, past which that moves: itself, or what a backslash makes of it. */
static char literal(struct leash__part *glob)
{
    if (*glob->at != '\\' || glob->at + 1 == glob->end)
        return *glob->at++;
    if (glob->end - glob->at >= 4 && glob->at[1] == 'x' && hex(glob->at[2]) >= 0 && hex(glob->at[3]) >= 0) {
        glob->at += 4;
        return (char)(hex(glob->at[-2]) << 4 | hex(glob->at[-1]));
    }
    glob->at += 2;
    return glob->at[-1];
}

/* Moves the glob past one character of the text, or to somewhere if that does not match. */
static bool takes(struct leash__part *glob, char c)
{
    if (glob->at == glob->end || !c || (*glob->at == '?' && c == '/'))
        return false;
    bool any = *glob->at == '?';
    return literal(glob) == c || any;
}

/* A star that was passed: where the glob goes on behind it, and where the text does. */
struct star {
    const char *glob, *text; /* glob NULL: there is none to come back to */
};

/* Lets the star have one character more. */
static bool retry(struct star *star, bool two, struct leash__part *glob, const char **text)
{
    if (!star->glob || !*star->text || (*star->text == '/' && !two))
        return false;
    glob->at = star->glob;
    *text = ++star->text;
    return true;
}

bool leash__glob_matches(struct leash__part glob, const char *text)
{
    struct star one = {0}, two = {0}; /* the last of each: what is before it need not be tried again */
    while (glob.at < glob.end || *text) {
        if (glob.at < glob.end && *glob.at == '*') {
            bool is_two = glob.end - glob.at > 1 && glob.at[1] == '*';
            glob.at += is_two ? 2 : 1;
            one = is_two ? (struct star){0} : (struct star){glob.at, text};
            if (is_two)
                two = (struct star){glob.at, text};
        } else if (takes(&glob, *text)) {
            text++;
        } else if (!retry(&one, false, &glob, &text)) {
            one = (struct star){0};
            if (!retry(&two, true, &glob, &text))
                return false;
        }
    }
    return true;
}
