/* Lines of the text report: escaped, and coloured where that is wanted. */
#ifndef LEASH_INSPECTOR_TEXT_LINES_H
#define LEASH_INSPECTOR_TEXT_LINES_H

#include "buffer.h"
#include "report.h"
#include "words/words.h"

enum text_role { TEXT_PLAIN, TEXT_ERROR, TEXT_WARN, TEXT_OK, TEXT_DIM, TEXT_ACCENT, TEXT_STRONG };

struct text {
    const struct report_options *options;
    struct buffer line;
};

/* Adds to the line; what comes from the trace goes through text_add, which escapes. */
void text_add(struct text *text, enum text_role role, const char *words);
void text_format(struct text *text, enum text_role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Prints the line without trailing blanks, and begins a new one. */
void text_end(struct text *text);
/* "  created by  " */
void text_label(struct text *text, const char *label);

/* "src/pool.c:57"; "?" if not known. */
void text_site(struct text *text, const struct model_site *site);
/* The place, the line of code at it, a mark under the expression. */
void text_snippet(struct text *text, const struct model_site *site, int64_t began_unix_ns, const char *remark);
/* Begins a list of what is said of a subject; text_words_end prints it, a line each. */
struct words text_words(const struct text *text);
void text_words_end(struct text *text, struct words *words);

/* The other parts of the format: text_detail.c, text_table.c. */
void text_detail(const struct report_options *options, const struct model_detail *detail);
int text_table(const struct report_options *options, struct model_table *table);

#endif
