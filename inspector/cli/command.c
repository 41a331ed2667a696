#include "command.h"

#include <string.h>

static const struct command commands[] = {
    {"check", cmd_check, "judge traces: a report and an exit code", "leash check [FLAGS] TRACE...",
     "  leash check shop.db                        what leaked in this run\n"
     "  leash check traces/*.db --output junit=report.xml --output sarif=report.sarif\n"
     "  leash check shop.db --fail-on never-awaited,deadlock\n",
     TAKES_GLOBAL | TAKES_CHECK | MAKES_CHECK},
    {"tui", cmd_tui, "look around in a trace, in the terminal", "leash tui [FLAGS] TRACE",
     "  leash tui shop.db                          the same as `leash shop.db` in a terminal\n"
     "  leash tui shop.db --view tasks --where 'state:pending wait>100ms'\n"
     "  leash tui live.db --follow                 while the program still records\n",
     TAKES_GLOBAL | TAKES_ACCEPT | TAKES_TUI},
    {"run", cmd_run, "run a command, then judge what it recorded", "leash run [-o T.db] [FLAGS] -- CMD ARG...",
     "  leash run -- ./shop --port 8080            record, then check: the command for CI\n"
     "  leash run -o shop.db -- ./shop             keep the trace\n"
     "  leash run --exit-code 0 -- make test       only report\n",
     TAKES_GLOBAL | TAKES_CHECK | TAKES_RUN | MAKES_CHECK},
    {"list", cmd_list, "list tasks, coros, awaits, events, sites, functions, files, stacks, leaks or objects",
     "leash list tasks|coros|awaits|events|sites|functions|files|stacks|leaks|objects [FLAGS] TRACE",
     "  leash list leaks shop.db\n"
     "  leash list tasks shop.db --where 'state:waiting wait>100ms -name:hb*' --sort -wait --limit 10\n"
     "  leash list awaits shop.db --columns task,waits-for,wait --format json\n",
     TAKES_GLOBAL | TAKES_LIST | MAKES_TABLE},
    {"show", cmd_show, "show one task, coroutine, future or object", "leash show [FLAGS] ID TRACE",
     "  leash show '#31' shop.db                   a task\n"
     "  leash show c42 shop.db                     a coroutine (f: future, q: lock, queue, gather...)\n"
     "  leash show 31 shop.db --format json\n",
     TAKES_GLOBAL | MAKES_DETAIL},
    {"summary", cmd_summary, "a run in figures", "leash summary [FLAGS] TRACE",
     "  leash summary shop.db                      tasks, coroutines, waits, and the slowest of them\n"
     "  leash summary shop.db --ascii -o run.txt   for a log\n"
     "  leash summary shop.db --format json | jq .figures\n",
     TAKES_GLOBAL},
    {"tree", cmd_tree, "who waits for whom, or who created whom", "leash tree [FLAGS] [ID] TRACE",
     "  leash tree shop.db                         who waited for whom when the loop stopped\n"
     "  leash tree shop.db --by waiters --at 2.1s  from what holds up most, at another time\n"
     "  leash tree '#12' shop.db --by spawn        what a task created\n",
     TAKES_GLOBAL | TAKES_TREE},
    {"timeline", cmd_timeline, "what each task did when", "leash timeline [FLAGS] [ID] TRACE",
     "  leash timeline shop.db                     the whole run\n"
     "  leash timeline shop.db --from 0.4s --to 1.1s --width 140\n"
     "  leash timeline '#12' shop.db               a task, what created it and what it created\n",
     TAKES_GLOBAL | TAKES_TIMELINE},
    {"sql", cmd_sql, "ask a trace anything, read-only", "leash sql [FLAGS] TRACE 'SELECT ...'",
     "  leash sql shop.db 'SELECT state, count(*) FROM task GROUP BY state'\n"
     "  leash sql shop.db 'SELECT * FROM leak' --format json\n"
     "  leash sql shop.db 'PRAGMA table_info(task)'\n",
     TAKES_GLOBAL | TAKES_SQL | MAKES_TABLE},
    {"diff", cmd_diff, "what is new, what grew, what was fixed between two traces", "leash diff [FLAGS] OLD NEW",
     "  leash diff main.db branch.db               exit 1 if something is new or grew\n"
     "  leash diff main.db branch.db -v            and what stayed the same\n"
     "  leash diff main.db branch.db --format json\n",
     TAKES_GLOBAL | TAKES_ACCEPT},
    {"baseline", cmd_baseline, "write, prune or extend a list of known findings",
     "leash baseline write|prune|accept ID -o FILE TRACE...",
     "  leash baseline write -o leash.base shop.db            all that leaks now is known\n"
     "  leash check --baseline leash.base shop.db             only what is new or grew fails\n"
     "  leash baseline prune -o leash.base shop.db            what was fixed may not come back\n"
     "  leash baseline accept 9f3c21d8 -o leash.base shop.db  this one, too\n",
     TAKES_GLOBAL | TAKES_ACCEPT | TAKES_BASELINE},
    {"export", cmd_export, "write a trace for other tools", "leash export --to FORMAT [-o FILE] TRACE",
     "  leash export --to chrome-trace -o t.json shop.db    then open it in ui.perfetto.dev\n"
     "  leash export --to dot shop.db | dot -Tsvg -o t.svg  who waited for whom at the end\n"
     "  leash export --to json shop.db -o shop.json         every table, as it was recorded\n"
     "  leash export --to json shop.db | jq '.tasks[] | select(.state == \"failed\")'\n",
     TAKES_EXPORT},
    {"repair", cmd_repair, "save what can be of a damaged or unfinished trace", "leash repair TRACE -o NEW.db",
     "  leash repair shop.db -o whole.db           folds in shop.db-wal and shop.db-spool\n"
     "  leash repair cut.db -o part.db             reads what SQLite refuses, page by page\n"
     "  leash repair -q shop.db -o whole.db        no report, only the exit code\n",
     TAKES_REPAIR},
    {"completions", cmd_completions, "print what completes leash in a shell", "leash completions bash|zsh|fish",
     "  source <(leash completions bash)           in ~/.bashrc, where the package has not installed it\n"
     "  leash completions zsh > ~/.zfunc/_leash    with ~/.zfunc in fpath\n"
     "  leash completions fish | source            in ~/.config/fish/config.fish\n",
     0},
};
#define COMMANDS (sizeof commands / sizeof *commands)

enum report_kind command_makes(const struct command *command)
{
    return command->takes & MAKES_CHECK    ? REPORT_CHECK
           : command->takes & MAKES_DETAIL ? REPORT_DETAIL
           : command->takes & MAKES_TABLE  ? REPORT_TABLE
                                           : REPORT_OWN;
}

const struct command *command_at(size_t index)
{
    return index < COMMANDS ? &commands[index] : NULL;
}

const struct command *command_named(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}
