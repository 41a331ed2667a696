#include "manual.h"
#include "export.h"
#include "filter/filter.h"
#include "flags.h"
#include "keymap.h"

#include <stdlib.h>
#include <string.h>

/* Text as roff shows it: no escape, no hyphen for a minus, no request. */
static void put_text(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (; *text; text++) {
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else if (*text == '\'')
            fputs("\\(aq", out);
        else if (*text == '"')
            fputs("\\(dq", out);
        else if (*text == '`')
            fputs("\\(ga", out);
        else
            fputc(*text, out);
    }
}

static void put_commands(FILE *out)
{
    for (size_t i = 0; command_at(i); i++) {
        fputs(".TP\n.B ", out);
        put_text(out, command_at(i)->usage);
        fputc('\n', out);
        put_text(out, command_at(i)->summary);
        fputc('\n', out);
    }
}

/* "  leash check shop.db      what leaked in this run" */
static void put_example(FILE *out, const char *line, size_t length)
{
    char text[256];
    snprintf(text, sizeof text, "%.*s", (int)length, line);
    char *command = text + strspn(text, " "), *meaning = strstr(command, "  ");
    if (meaning)
        *meaning = '\0';
    fputs(".PP\n.B ", out);
    put_text(out, command);
    fputc('\n', out);
    if (!meaning)
        return;
    fputs(".RS 4\n", out);
    put_text(out, meaning + 1 + strspn(meaning + 1, " "));
    fputs("\n.RE\n", out);
}

static void put_examples(FILE *out)
{
    fputs(".na\n.nh\n", out);
    for (size_t i = 0; command_at(i); i++) {
        for (const char *line = command_at(i)->examples; *line;) {
            size_t length = strcspn(line, "\n");
            put_example(out, line, length);
            line += length + (line[length] == '\n');
        }
    }
    fputs(".ad\n.hy\n", out);
}

/* ".SS Of check, run" before the flags of other commands than those before. */
static void put_takers(FILE *out, unsigned takes)
{
    const char *separator = "";
    fputs(".SS Of ", out);
    for (size_t i = 0; command_at(i); i++) {
        if (!(command_at(i)->takes & takes))
            continue;
        fprintf(out, "%s%s", separator, command_at(i)->name);
        separator = ", ";
    }
    fputc('\n', out);
}

static void put_flags(FILE *out)
{
    unsigned takers = 0;
    const struct flag *flag;
    for (size_t i = 0; (flag = flag_at(TAKES_ANY, i)); i++) {
        unsigned takes = flag->takes & TAKES_ANY;
        if (takes != takers)
            put_takers(out, takes);
        takers = takes;
        fputs(".TP\n.B ", out);
        if (flag->letter)
            fprintf(out, "\\-%c%s", flag->letter, flag->name ? ", " : "");
        if (flag->name) {
            fputs("\\-\\-", out);
            put_text(out, flag->name);
        }
        if (flag->argument) {
            fputs("\\fR \\fI", out);
            put_text(out, flag->argument);
        }
        fputs("\\fR\n", out);
        put_text(out, flag->help);
        fputc('\n', out);
    }
}

static void put_columns(FILE *out)
{
    for (size_t i = 0; model_list_name(i); i++) {
        fprintf(out, ".TP\n.B %s\n", model_list_name(i));
        for (size_t j = 0; model_list_column(model_list_name(i), j); j++) {
            fputs(j ? ", " : "", out);
            put_text(out, model_list_column(model_list_name(i), j));
        }
        fputc('\n', out);
    }
}

static void put_classes(FILE *out)
{
    for (size_t i = 0; i < model_classes_count; i++) {
        fputs(".TP\n.B ", out);
        put_text(out, model_classes[i].name);
        fprintf(out, "\\fR (%s)\n", model_classes[i].severity);
        put_text(out, model_class_title(model_classes[i].name));
        fputc('\n', out);
    }
}

/* "state (pending, done)"; classes are told elsewhere */
static void put_field(FILE *out, const char *list, const char *field)
{
    const char *word = filter_word(list, field, 0);
    bool classes = word && model_class_index(word) >= 0;
    fputs("\\fB", out);
    put_text(out, field);
    fputs("\\fR", out);
    if (!word)
        return;
    fputs(classes ? " (a class, any, none" : " (", out);
    for (size_t i = 0; !classes && (word = filter_word(list, field, i)); i++) {
        fputs(i ? ", " : "", out);
        put_text(out, word);
    }
    fputc(')', out);
}

static void put_fields(FILE *out)
{
    const char *list, *field;
    fputs(".nh\n", out);
    for (size_t i = 0; (list = model_list_name(i)); i++) {
        fprintf(out, ".TP\n.B %s\n", list);
        for (size_t j = 0; (field = filter_field(list, j)); j++) {
            fputs(j ? ", " : "", out);
            put_field(out, list, field);
        }
        fputc('\n', out);
    }
    fputs(".hy\n", out);
}

static void put_exports(FILE *out)
{
    for (size_t i = 0; export_format_at(i); i++) {
        fputs(".TP\n.B ", out);
        put_text(out, export_format_at(i)->name);
        fputc('\n', out);
        put_text(out, export_format_at(i)->summary);
        fputc('\n', out);
    }
}

/* "[ (awaits), ( (timeline)" */
static void put_bindings(FILE *out, enum action action)
{
    const struct binding *binding;
    const char *separator = "";
    for (size_t i = 0; (binding = keymap_at(i)); i++) {
        if (binding->action != action)
            continue;
        fputs(separator, out);
        put_text(out, binding->keys);
        if (binding->view)
            fprintf(out, "\\fR (%s)\\fB", binding->view);
        separator = ", ";
    }
}

/* The keys of the terminal interface, and the name that each has as a command. */
static void put_keys(FILE *out)
{
    for (unsigned group = 0; group < ACTION_GROUP_COUNT; group++) {
        fprintf(out, ".SS %s\n", action_group_words((enum action_group)group));
        for (unsigned i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
            const struct action_words *words = action_words((enum action)i);
            if (words->group != group)
                continue;
            fputs(".TP\n\\fB", out);
            put_bindings(out, (enum action)i);
            fputs("\\fR\n", out);
            put_text(out, words->help);
            fputs(" (\\fB:", out);
            put_text(out, words->name);
            fputs("\\fR)\n", out);
        }
    }
}

static const struct part {
    const char *name;
    void (*put)(FILE *out);
} parts[] = {
    {"@commands@", put_commands}, {"@examples@", put_examples}, {"@flags@", put_flags},     {"@columns@", put_columns},
    {"@fields@", put_fields},     {"@classes@", put_classes},   {"@exports@", put_exports}, {"@keys@", put_keys},
};

static bool put_part(FILE *out, const char *line)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strcmp(parts[i].name, line) == 0) {
            parts[i].put(out);
            return true;
        }
    }
    return false;
}

int manual_fill(FILE *in, FILE *out)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    int code = EXIT_CLEAN;
    while ((length = getline(&line, &room, in)) > 0) {
        line[length - 1] = '\0';
        if (*line != '@') {
            fprintf(out, "%s\n", line);
        } else if (!put_part(out, line)) {
            complain("completions", "manual: nothing is made under the name %s", line);
            code = EXIT_TROUBLE;
        }
    }
    free(line);
    return fflush(out) == 0 ? code : EXIT_TROUBLE;
}
