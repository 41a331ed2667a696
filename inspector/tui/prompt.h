/* A line that the user edits, with what was typed before. Nothing is done with it here. */
#ifndef LEASH_INSPECTOR_PROMPT_H
#define LEASH_INSPECTOR_PROMPT_H

#include "buffer.h"
#include "screen.h"

/* PROMPT(symbol, sign): what stands before the line. */
#define PROMPTS(PROMPT)                                                                                                \
    PROMPT(NONE, "")                                                                                                   \
    PROMPT(SEARCH, "/")                                                                                                \
    PROMPT(FILTER, "filter: ")                                                                                         \
    PROMPT(COMMAND, ":")                                                                                               \
    PROMPT(GO, "go to #")                                                                                              \
    PROMPT(EXPORT, "export to (.csv .json .md .txt): ")                                                                \
    PROMPT(REASON, "why (may be empty): ")                                                                             \
    PROMPT(SQL, "sql> ")                                                                                               \
    PROMPT(CONFIRM, "")

#define PROMPT(symbol, sign) PROMPT_##symbol,
enum prompt_kind { PROMPTS(PROMPT) PROMPT_COUNT };
#undef PROMPT

#define PROMPT_HISTORY 50

struct prompt {
    enum prompt_kind kind; /* NONE: nothing is asked */
    struct buffer text;
    size_t at; /* the cursor, in bytes */
    struct prompt_lines {
        char *lines[PROMPT_HISTORY]; /* the newest last */
        size_t count;
    } past[PROMPT_COUNT];
    size_t past_at;       /* which of them is shown; past.count: what is being typed */
    char *typed;          /* that, while another is shown */
    const char *question; /* CONFIRM: what to answer with y or n */
    char wrong[256];      /* why the line was refused; shown above it */
    size_t wrong_at;      /* and where: a caret stands there */
};

enum prompt_answer { PROMPT_GOES_ON, PROMPT_CHANGED, PROMPT_DONE, PROMPT_CANCELLED };

void prompt_begin(struct prompt *prompt, enum prompt_kind kind, const char *text);
enum prompt_answer prompt_key(struct prompt *prompt, int key);
/* Ends it; a line that was done is remembered. */
void prompt_end(struct prompt *prompt, bool done);
/* Into the last rows of the screen. */
void prompt_draw(const struct prompt *prompt, struct screen *screen, int row);
void prompt_free(struct prompt *prompt);

#endif
