#include "command.h"
#include "export.h"
#include "filter/filter.h"

static const char exit_codes[] =
    "exit codes:\n"
    "  0      clean: no leaks\n"
    "  1      leaks found (--exit-code N changes only this one)\n"
    "  2      usage, input or output: not a trace, schema too new, ...\n"
    "  3      inconclusive: the trace is unfinished or events were dropped, and no leak was\n"
    "         seen (--allow-incomplete: 0)\n"
    "  other  run: the command's own code if it failed, 128+n if signal n ended it\n"
    "  Of several traces the gravest counts: 2, 1, 3, 0.\n";

void help_program(FILE *out)
{
    fputs("leash: which coroutines were never awaited, which tasks nobody holds, which never ended, and why\n\n"
          "examples:\n"
          "  leash run -- ./shop                        run a program, then check what it recorded\n"
          "  leash shop.db                              look around in a trace (without a terminal: check it)\n"
          "  leash show '#31' shop.db                   look at one task\n\n"
          "commands:\n",
          out);
    for (size_t i = 0; command_at(i); i++)
        fprintf(out, "  %-12s %s\n", command_at(i)->name, command_at(i)->summary);
    fputs("\n`leash COMMAND -h` tells more, `man leash` of configuration and keys, `leash --version` the version.\n\n",
          out);
    fputs(exit_codes, out);
}

static void help_classes(FILE *out)
{
    fputs("\nclasses (errors fail a check, the others are warnings):\n  ", out);
    size_t column = 2;
    for (size_t i = 0; i < model_classes_count; i++) {
        int length = fprintf(out, "%s%s", model_classes[i].name, model_classes[i].severity[0] == 'e' ? " (error)" : "");
        column += (size_t)length + 2;
        bool last = i + 1 == model_classes_count;
        fputs(last ? "\n" : column > 80 ? ",\n  " : ", ", out);
        if (column > 80)
            column = 2;
    }
}

/* A line a list: its name, and the words that `word` gives of it. */
static void help_words_of_lists(FILE *out, const char *(*word)(const char *list, size_t index))
{
    for (size_t i = 0; model_list_name(i); i++) {
        int column = fprintf(out, "  %-7s", model_list_name(i));
        for (size_t j = 0; word(model_list_name(i), j); j++) {
            if (column > 80)
                column = fprintf(out, "\n         ") - 1;
            column += fprintf(out, " %s", word(model_list_name(i), j));
        }
        fputc('\n', out);
    }
}

static void help_exports(FILE *out)
{
    fputs("\n--to:\n", out);
    for (size_t i = 0; export_format_at(i); i++)
        fprintf(out, "  %-13s %s\n", export_format_at(i)->name, export_format_at(i)->summary);
}

static void help_lists(FILE *out)
{
    fputs("\ncolumns:\n", out);
    help_words_of_lists(out, model_list_column);
    fputs("\nfilters:\n"
          "  word  \"two words\"  /regex/                 in the name, coroutine, site or error\n"
          "  FIELD:GLOB|GLOB  =TEXT  !=  <  >  ~REGEX   wait>100ms  t:1s..2s  parent:#12  leak:any\n"
          "  side by side: all of them; a | b: either; - or ! before: not; ( )\n\nfields:\n",
          out);
    help_words_of_lists(out, filter_field);
}

void help_command(FILE *out, const struct command *command)
{
    fprintf(out, "examples:\n%s\nleash %s: %s\n\nusage: %s\n\nflags (--name=value or --name value):\n",
            command->examples, command->name, command->summary, command->usage);
    help_flags(out, command->takes);
    if (command->takes & TAKES_CHECK)
        help_classes(out);
    if (command->takes & TAKES_LIST)
        help_lists(out);
    if (command->takes & TAKES_EXPORT)
        help_exports(out);
    if (command->takes & TAKES_CHECK)
        fprintf(out, "\n%s", exit_codes);
}
