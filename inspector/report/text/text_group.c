/* One group of findings, as a person reads it. */
#include "text/text_group.h"
#include "alloc.h"
#include "words/headline.h"

static void head(struct text *text, const struct model_snapshot *snapshot, const struct model_group *group)
{
    static const enum text_role roles[WORDS_STATUSES] = {[WORDS_ERROR] = TEXT_ERROR,
                                                         [WORDS_WARNING] = TEXT_WARN,
                                                         [WORDS_KNOWN] = TEXT_DIM,
                                                         [WORDS_SUPPRESSED] = TEXT_DIM};
    enum words_status status = words_status_of(group);
    struct buffer words = {0};
    text_format(text, roles[status], "%s[%s]", words_status(status), group->class);
    text_add(text, TEXT_PLAIN, ": ");
    if (status < WORDS_KNOWN && group->standing != MODEL_STANDING_NONE) {
        words_standing(&words, group);
        text_format(text, roles[status], "%s ", buffer_text(&words));
        buffer_clear(&words);
    }
    words_headline(&words, snapshot, group);
    text_add(text, TEXT_STRONG, buffer_text(&words));
    buffer_free(&words);
    text_end(text);
}

static void place(struct text *text, const struct model_group *group)
{
    const struct model_site *site = &group->examples[0].subject.site;
    char first[MODEL_TIME_TEXT], last[MODEL_TIME_TEXT];
    text_add(text, TEXT_ACCENT, "  --> ");
    text_site(text, site);
    if (site->func)
        text_format(text, TEXT_PLAIN, " in %s", site->func);
    if (group->first_ns != group->last_ns)
        text_format(text, TEXT_DIM, "   first %s, last %s", model_time_text(group->first_ns, first),
                    model_time_text(group->last_ns, last));
    else if (group->first_ns != MODEL_NEVER)
        text_format(text, TEXT_DIM, "   at %s", model_time_text(group->first_ns, first));
    text_end(text);
}

void text_group(struct text *text, const struct model_snapshot *snapshot, const struct model_group *group)
{
    struct words words = text_words(text);
    struct buffer suppression = {0};
    head(text, snapshot, group);
    place(text, group);
    text_snippet(text, &group->examples[0].subject.site, snapshot->run.began_unix_ns, words_remark(group));
    words_add_group(&words, snapshot, group);
    text_words_end(text, &words);
    headline_add_suppression(&suppression, group);
    text_format(text, TEXT_DIM, "  id %08x   suppress  %s", group->fingerprint, buffer_text(&suppression));
    buffer_free(&suppression);
    text_end(text);
    text_end(text);
}

char *text_group_plain(const struct report_options *options, const struct model_snapshot *snapshot,
                       const struct model_group *group)
{
    char *text = NULL;
    size_t length;
    struct report_options plain = *options;
    struct text lines = {.options = &plain};
    plain.colour = false;
    plain.out = open_memstream(&text, &length);
    if (!plain.out)
        return xstrdup("");
    text_group(&lines, snapshot, group);
    buffer_free(&lines.line);
    if (fclose(plain.out) != 0)
        return xstrdup("");
    text[length - 1] = '\0'; /* the empty line after it */
    return text;
}
