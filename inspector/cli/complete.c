#include "complete_private.h"
#include "escape.h"

#include <string.h>

/* ---- one word ---- */

/* No byte of it does anything but stand there. */
static bool is_plain(const char *word)
{
    struct buffer escaped = {0};
    escape_text(&escaped, word, false);
    bool plain = strcmp(buffer_text(&escaped), word) == 0;
    buffer_free(&escaped);
    return plain;
}

void offer(struct completion *completion, const char *word, const char *meaning)
{
    const char *rest = completion->typed + completion->kept;
    struct buffer line = {0};
    if (!*word || strncmp(word, rest, strlen(rest)) != 0 || !is_plain(word))
        return;
    buffer_add_bytes(&line, completion->typed, completion->kept);
    buffer_add(&line, word);
    if (meaning && *meaning) {
        buffer_add(&line, "\t");
        escape_text(&line, meaning, false);
    }
    fprintf(completion->out, "%s\n", buffer_text(&line));
    completion->offered++;
    buffer_free(&line);
}

void offer_alternatives(struct completion *completion, const char *words, size_t length)
{
    char word[64];
    for (const char *end = words + length; words < end;) {
        size_t one = strcspn(words, "|");
        if (one > (size_t)(end - words))
            one = (size_t)(end - words);
        snprintf(word, sizeof word, "%.*s", (int)(one < sizeof word ? one : 0), words);
        offer(completion, word, NULL);
        words += one + 1;
    }
}

/* ---- arguments: what a command's usage says of them ---- */

/* One word of a usage, without brackets, and whether it goes on ("TRACE..."). */
struct slot {
    const char *text;
    size_t length;
    bool repeats;
};

static struct slot slot_of(const char *word, size_t length)
{
    struct slot slot = {word, length, false};
    while (slot.length && (*slot.text == '[' || *slot.text == '(')) {
        slot.text++;
        slot.length--;
    }
    while (slot.length && strchr("]).", slot.text[slot.length - 1])) {
        slot.repeats = slot.repeats || slot.text[slot.length - 1] == '.';
        slot.length--;
    }
    return slot;
}

static bool slot_is(const struct slot *slot, const char *word)
{
    return strlen(word) == slot->length && memcmp(slot->text, word, slot->length) == 0;
}

/* The `position`th argument of a command; false: it takes no more. Flags in its usage are passed over, a flag's value
 * with them. */
static bool argument_slot(const struct command *command, size_t position, struct slot *out)
{
    const char *usage = command->usage;
    bool flag = false, found = false;
    for (size_t number = 0; *usage && !found; number++) {
        size_t length = strcspn(usage, " ");
        struct slot slot = slot_of(usage, length);
        bool value = flag, dash = slot.length && *slot.text == '-';
        flag = dash && slot.length > 1 && !slot_is(&slot, "--") && usage[length - 1] != ']';
        if (number >= 2 && !value && !dash && !slot_is(&slot, "FLAGS")) {
            *out = slot;
            found = position == 0 || slot.repeats;
            position--;
        }
        usage += length + strspn(usage + length, " ");
    }
    return found;
}

/* Of an id and a trace either may come first. */
static bool takes_id(const struct command *command)
{
    struct slot slot;
    for (size_t i = 0; i < 2; i++)
        if (argument_slot(command, i, &slot) && slot_is(&slot, "ID"))
            return true;
    return false;
}

static void offer_argument(struct completion *completion)
{
    struct slot slot;
    if (!argument_slot(completion->command, completion->position, &slot))
        return;
    if (memchr(slot.text, '|', slot.length)) {
        offer_alternatives(completion, slot.text, slot.length);
        return;
    }
    /* `baseline write` takes a trace where `baseline accept` takes an id. */
    bool named = slot_is(&slot, "ID"), either = named && completion->position > 0;
    bool id = named || (takes_id(completion->command) && !slot.repeats);
    if (id && offer_ids(completion) && !either)
        return;
    if (*slot.text != '\'')
        fputs(":files\n", completion->out);
}

/* ---- flags ---- */

static void offer_flags(struct completion *completion)
{
    char word[64];
    const struct flag *flag;
    for (size_t i = 0; (flag = flag_at(completion->command->takes, i)); i++) {
        snprintf(word, sizeof word, flag->name ? "--%s" : "-%.1s", flag->name ? flag->name : &flag->letter);
        offer(completion, word, flag->help);
    }
    offer(completion, "--help", "what there is to say of it");
}

/* The flag in `word`; *length: of the word without "=value". */
static const struct flag *flag_of(const struct completion *completion, const char *word, size_t *length)
{
    *length = strcspn(word, "=");
    if (word[0] != '-' || !word[1])
        return NULL;
    if (word[1] == '-')
        return flag_named(completion->command->takes, word + 2, *length - 2);
    return word[2] ? NULL : flag_lettered(completion->command->takes, word[1]);
}

/* ---- the line ---- */

static void offer_commands(struct completion *completion)
{
    for (size_t i = 0; command_at(i); i++)
        offer(completion, command_at(i)->name, command_at(i)->summary);
    offer(completion, "--help", "the subcommands and the exit codes");
    offer(completion, "--version", "the version and the schema of traces");
    fputs(":files\n", completion->out);
}

/* Walks the words before the cursor; the flag whose value stands there, NULL: none. */
static const struct flag *walk(struct completion *completion, size_t begin)
{
    const struct flag *flag = NULL;
    size_t length;
    for (size_t i = begin; i < completion->index; i++) {
        const char *word = completion->words[i];
        if (flag) {
            flag = NULL; /* this was its value */
            continue;
        }
        flag = completion->rest ? NULL : flag_of(completion, word, &length);
        if (flag && (!flag->argument || word[length]))
            flag = NULL;
        bool ends_flags = !completion->rest && strcmp(word, "--") == 0;
        completion->rest = completion->rest || ends_flags;
        if (ends_flags || (!completion->rest && *word == '-' && word[1]))
            continue;
        if (completion->position++ == 0)
            completion->first = word;
        completion->rest = completion->rest || (completion->command->takes & TAKES_RUN);
    }
    return flag;
}

void complete_line(FILE *out, char **words, size_t count, size_t index)
{
    struct completion completion = {.out = out, .words = words, .count = count, .index = index};
    size_t length;
    if (index >= count || index == 0 || !is_plain(words[index]))
        return;
    completion.typed = words[index];
    if (index == 1) {
        offer_commands(&completion);
        return;
    }
    completion.command = command_named(words[1]);
    size_t begin = completion.command ? 2 : 1; /* no command: a trace to check */
    if (!completion.command)
        completion.command = command_named("check");
    const struct flag *flag = walk(&completion, begin);
    if (flag) {
        offer_value(&completion, flag);
        return;
    }
    if (*completion.typed != '-' || completion.rest) {
        offer_argument(&completion);
        return;
    }
    flag = flag_of(&completion, completion.typed, &length);
    if (completion.typed[length] != '=') {
        offer_flags(&completion);
    } else if (flag && flag->argument) {
        completion.kept = length + 1;
        offer_value(&completion, flag);
    }
}
