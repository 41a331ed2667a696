/* The subcommands, and what they share. */
#ifndef LEASH_INSPECTOR_COMMAND_H
#define LEASH_INSPECTOR_COMMAND_H

#include "arena.h"
#include "destination.h"
#include "graph/forest.h"
#include "pager.h"
#include "export.h"
#include "report.h"
#include "trace.h"

/* Which flags a subcommand takes. */
enum {
    TAKES_GLOBAL = 1,
    TAKES_CHECK = 2,
    TAKES_LIST = 4,
    TAKES_SQL = 8,
    TAKES_RUN = 16,
    TAKES_EXPORT = 1 << 8,
    TAKES_TREE = 1 << 9,
    TAKES_TIMELINE = 1 << 10,
    TAKES_ACCEPT = 1 << 11,   /* what is suppressed */
    TAKES_BASELINE = 1 << 12, /* a baseline to change */
    TAKES_REPAIR = 1 << 13,
    TAKES_TUI = 1 << 14
};

/* What it makes, beside those: --format must be able to. None of them: the command looks at the format itself. */
enum { MAKES_CHECK = 1 << 24, MAKES_DETAIL = 1 << 25, MAKES_TABLE = 1 << 26 };

struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name; the answer is the exit code */
    const char *summary;
    const char *usage;
    const char *examples; /* lines */
    unsigned takes;       /* TAKES_ and MAKES_ */
};
/* NULL after the last. */
const struct command *command_at(size_t index);
const struct command *command_named(const char *name);
enum report_kind command_makes(const struct command *command);

int cmd_check(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_sql(int argc, char **argv);
int cmd_completions(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_repair(int argc, char **argv);
int cmd_tree(int argc, char **argv);
int cmd_tui(int argc, char **argv);
int cmd_baseline(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_timeline(int argc, char **argv);
int cmd_summary(int argc, char **argv);

/* What is accepted: accept.h. */
struct accept_settings {
    const char **files; /* --suppressions */
    size_t files_count, files_capacity;
    struct user_rules *rules; /* --rule; NULL: none */
    bool strict, generate;
    const char *known; /* --baseline: a baseline, or a trace */
    bool ratchet;
    struct suppressions *suppressions; /* what was read from the files */
    struct baseline *baseline;         /* NULL: none was named */
    bool known_is_trace;
};

#define PICTURE_WIDTH_MIN 20
#define PICTURE_WIDTH_MAX 1000
/* Which part of a run a picture shows, and how. */
struct picture_settings {
    enum model_forest_by by;
    int64_t at_ns;          /* MODEL_NEVER: when the loop stopped */
    int64_t from_ns, to_ns; /* MODEL_NEVER: the run's own */
    unsigned width;         /* 0: the terminal's */
};

/* How the terminal interface begins. */
struct interface_settings {
    const char *view, *script;
    int rows, cols; /* 0: the default */
    bool follow, no_mouse, keys;
};

/* What flags said. */
struct settings {
    const struct command *command;
    const struct report_format *format;
    struct report_options report;
    struct trace_options trace;
    struct model_policy policy;
    struct model_list_options list;
    const char *where; /* --where, as typed */
    struct picture_settings picture;
    struct interface_settings interface;
    const struct export_format *export_to;
    enum export_weight weight; /* export */
    struct accept_settings accept;
    const char *output;          /* -o FILE; run: the trace */
    bool heap;                   /* run: with libleash_malloc before the command */
    bool format_typed;           /* --format stood on the command line */
    struct destination place;    /* of the report */
    struct destination *outputs; /* --output FMT=FILE */
    size_t outputs_count;
    bool reported;      /* check, run: reports were written */
    const char *colour; /* auto, always, never */
    bool no_pager;
    struct pager pager; /* while the output is open */
    char **arguments;   /* what is no flag; NULL after the last */
    size_t arguments_count;
    const char *read_from; /* files of configuration, for -v; NULL: none */
    struct arena memory;   /* of values that were read from there */
};

/* Reads flags. 0: go on; 1: help was asked for and printed; -EINVAL: a message was printed. settings_free in any case.
 */
int settings_read(struct settings *settings, const char *command, int argc, char **argv);
/* From now on ^C ends the query that runs, and a second one the program. */
void interrupt_stops_queries(void);
/* Opens a trace; NULL with a message printed. */
struct trace *settings_trace(struct settings *settings, const char *path);
/* False, with a message printed: the format has no pictures, only reports of checks. */
bool settings_picture(struct settings *settings);
/* An id, if there is one (else `part` is of kind NONE), and a trace, in either order. False, with a message printed:
 * something else was given. */
bool settings_part(const struct settings *settings, struct model_ref *part, const char **path);
/* Opens all outputs, on a terminal a pager, and decides on colours. 0 or -EIO with a message printed. `file`: of the
 * report itself, NULL: standard output. */
int settings_open(struct settings *settings, const char *file);
/* Closes the outputs; the exit code to end with: `code`, or EXIT_TROUBLE if something could not be written. */
int settings_close(struct settings *settings, int code);
void settings_free(struct settings *settings);

/* "leash check: " and the words, on stderr, escaped. */
void complain(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Where the words stand that it complains of ("file:line"), from now on; NULL: on the command line. */
void complain_at(const char *place);
/* From now on with nothing but ASCII. */
void complain_in_ascii(void);

/* help.c */
void help_program(FILE *out);
void help_command(FILE *out, const struct command *command);
void help_flags(FILE *out, unsigned takes); /* flags.c */

#endif
