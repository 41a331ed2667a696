#include "leak_scope_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma weak __leash_default_suppressions
#include <leash/suppress.h>

/* ---- which of them count ---- */

/* Whether `list`, words with commas between, has the word. */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    while (*list) {
        list += strspn(list, ", ");
        size_t end = strcspn(list, ", ");
        if (end == length && length && strncmp(list, word, length) == 0)
            return true;
        list += end;
    }
    return false;
}

static bool counts(const struct leash__leak *leak, const struct leash_leaks_options *options)
{
    return (!options->errors_only || leak->severity == 'E') &&
           (!options->classes || has_word(options->classes, leak->class));
}

static bool is_accepted(const struct leash__leak *leak, const struct leash_leaks_options *options)
{
    const char *of_program = __leash_default_suppressions ? __leash_default_suppressions() : NULL;
    return leash__leak_accepted(leak, options->suppressions) || leash__leak_accepted(leak, of_program);
}

void leash__leak_scope_sort_out(struct leash__leak_scope *scope, const struct leash_leaks_options *options)
{
    struct leash__leak_list ours = {.homeless = scope->leaks.homeless}, others = {0};
    struct leash__leak_kept *kept = scope->leaks.first;
    for (struct leash__leak_kept *next; kept; kept = next) {
        next = kept->next;
        if (is_accepted(&kept->leak, options))
            free(kept);
        else
            leash__leak_list_add(counts(&kept->leak, options) ? &ours : &others, kept);
    }
    scope->leaks = ours;
    leash__leak_list_pass_on(&others, scope->up);
}

/* ---- the report ---- */

struct place {
    FILE *to;
    char *at;
    size_t room; /* at `at`, without the zero */
};

static void put(void *arg, const char *bytes, size_t size)
{
    struct place *place = arg;
    if (place->to)
        fwrite(bytes, 1, size, place->to);
    if (size > place->room)
        size = place->room;
    if (!size)
        return;
    memcpy(place->at, bytes, size);
    place->at += size;
    place->room -= size;
    *place->at = '\0';
}

static void tell_each(const struct leash__leak_scope *scope, const struct leash_leaks_options *options)
{
    char reason[512];
    for (const struct leash__leak_kept *kept = scope->leaks.first; kept; kept = kept->next) {
        const struct leash__leak *leak = &kept->leak;
        leash__leak_sentence(leak, reason, sizeof reason);
        const struct leash_leak_info info = {.class_name = leak->class,
                                             .severity = leak->severity,
                                             .also = leak->also,
                                             .name = leak->name,
                                             .file = leak->file,
                                             .func = leak->func,
                                             .line = leak->line,
                                             .reason = reason,
                                             .waits_for = leak->waits_for,
                                             .failure = leak->failure,
                                             .test = leak->test};
        options->each(&info, options->arg);
    }
}

void leash__leak_scope_report(const struct leash__leak_scope *scope, const struct leash_leaks_options *options)
{
    struct place place = {options->to, options->text, options->text && options->text_size ? options->text_size - 1 : 0};
    if (options->text && options->text_size)
        options->text[0] = '\0';
    if (!scope->leaks.count && !scope->leaks.homeless)
        return;
    if (options->each)
        tell_each(scope, options);
    if (options->to || options->text)
        leash__leak_report_of(scope->leaks.first, scope->leaks.homeless, scope->name, put, &place);
}
