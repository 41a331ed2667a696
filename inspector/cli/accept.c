#include "accept.h"
#include "accept/baseline.h"
#include "alloc.h"
#include "escape.h"
#include "words/headline.h"
#include "user_rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_FILE ".leash.supp"

void complain_of_fault(const char *command, const struct accept_fault *fault)
{
    struct buffer line = {0};
    if (!*fault->place) {
        complain(command, "%s", fault->words);
        return;
    }
    complain(command, "%s:%d:%d: %s", fault->place, fault->line, fault->column, fault->words);
    escape_add(&line, fault->text, fault->caret, false);
    size_t columns = escape_width(buffer_text(&line));
    buffer_clear(&line);
    escape_text(&line, fault->text, false);
    fprintf(stderr, "  %s\n  %*s^\n", buffer_text(&line), (int)columns, "");
    buffer_free(&line);
}

/* Seconds since 1970: those of SOURCE_DATE_EPOCH, so that a build gives the same verdict again, or of the clock. */
static int64_t today(void)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    long long seconds = epoch && *epoch ? strtoll(epoch, &end, 10) : 0;
    return end && !*end ? (int64_t)seconds : (int64_t)time(NULL);
}

static bool is_trace(const char *path)
{
    char magic[16] = "";
    FILE *file = fopen(path, "re");
    bool is = file && fread(magic, sizeof magic, 1, file) == 1 && memcmp(magic, "SQLite format 3", 16) == 0;
    if (file)
        fclose(file);
    return is;
}

/* An older trace: all of it is known. */
static int add_trace(struct settings *settings)
{
    struct accept_settings *accept = &settings->accept;
    struct checked older = {0};
    checked_add(&older, accept->known, settings);
    bool opened = older.items[0].opened;
    if (opened)
        baseline_add(accept->baseline, &older.items[0].snapshot, &settings->report.source);
    else
        complain(settings->command->name, "%s", older.items[0].trouble);
    baseline_forget(accept->baseline);
    suppressions_forget(accept->suppressions);
    checked_free(&older);
    return opened ? 0 : -EINVAL;
}

static int open_baseline(struct settings *settings)
{
    struct accept_settings *accept = &settings->accept;
    struct accept_fault fault;
    if (!accept->known || (settings->command->takes & TAKES_BASELINE))
        return 0;
    accept->baseline = baseline_new();
    accept->known_is_trace = is_trace(accept->known);
    if (accept->known_is_trace)
        return add_trace(settings);
    int rc = baseline_read(accept->baseline, accept->known, &fault);
    if (rc < 0)
        complain_of_fault(settings->command->name, &fault);
    return rc;
}

/* Is it one of the files that the flags name, by whatever path? */
static bool is_named(const struct accept_settings *accept, const char *path)
{
    struct stat wanted, named;
    bool known = stat(path, &wanted) == 0, is = false;
    for (size_t i = 0; known && !is && i < accept->files_count; i++)
        is = stat(accept->files[i], &named) == 0 && named.st_dev == wanted.st_dev && named.st_ino == wanted.st_ino;
    return is;
}

int accept_open(struct settings *settings)
{
    struct accept_settings *accept = &settings->accept;
    struct accept_fault fault;
    accept->suppressions = suppressions_new(today(), accept->strict);
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < accept->files_count; i++)
        rc = suppressions_read(accept->suppressions, accept->files[i], &fault);
    if (rc == 0 && access(DEFAULT_FILE, F_OK) == 0 && !is_named(accept, DEFAULT_FILE))
        rc = suppressions_read(accept->suppressions, DEFAULT_FILE, &fault);
    if (rc < 0)
        complain_of_fault(settings->command->name, &fault);
    return rc < 0 ? rc : open_baseline(settings);
}

struct model_load_options accept_options(const struct settings *settings)
{
    return (struct model_load_options){.suppressions = settings->accept.suppressions,
                                       .source = &settings->report.source,
                                       .rules = settings->accept.rules};
}

void accept_close(struct settings *settings)
{
    suppressions_free(settings->accept.suppressions);
    baseline_free(settings->accept.baseline);
    user_rules_free(settings->accept.rules);
    free(settings->accept.files);
    settings->accept = (struct accept_settings){0};
}

/* ---- afterwards ---- */

static void print_line(const struct settings *settings, const char *words)
{
    struct buffer line = {0};
    escape_text(&line, words, settings->report.ascii);
    fprintf(settings->report.out, "%s\n", buffer_text(&line));
    buffer_free(&line);
}

/* "Suppressions used:", and how often each entry was. */
static void list_used(const struct settings *settings)
{
    const struct suppressions *list = settings->accept.suppressions;
    struct buffer line = {0};
    bool any = false;
    for (size_t i = 0; i < suppressions_count(list); i++) {
        struct suppression_use use = suppressions_use(list, i);
        if (!use.used)
            continue;
        if (!any)
            print_line(settings, "Suppressions used:");
        any = true;
        buffer_clear(&line);
        buffer_format(&line, "%7zu  %s  %s", use.used, use.pattern, use.place);
        print_line(settings, buffer_text(&line));
    }
    buffer_free(&line);
}

/* Does the baseline allow what is no longer there? Only whole traces can tell. */
static size_t fixed(const struct settings *settings, const struct checked *checked)
{
    for (size_t i = 0; i < checked->count; i++)
        if (!checked->items[i].opened || !model_is_whole(&checked->items[i].snapshot))
            return 0;
    return settings->accept.baseline ? baseline_fixed(settings->accept.baseline) : 0;
}

/* "fixed: 1, ..." in the report, or, where that is for machines, on stderr. */
static void tell_fixed(const struct settings *settings, const struct checked *checked, bool in_report)
{
    struct buffer line = {0};
    size_t gone = fixed(settings, checked);
    if (gone == 0)
        return;
    if (settings->accept.known_is_trace)
        buffer_format(&line, "fixed: %zu since %s", gone, settings->accept.known);
    else
        buffer_format(&line, "fixed: %zu, run `leash baseline prune -o %s TRACE...`", gone, settings->accept.known);
    if (in_report)
        print_line(settings, buffer_text(&line));
    else
        complain(settings->command->name, "%s", buffer_text(&line));
    buffer_free(&line);
}

void accept_tell(const struct settings *settings, const struct checked *checked)
{
    bool in_report = settings->format == &report_text && !settings->accept.generate;
    if (settings->report.verbosity < 0)
        return;
    if (in_report)
        list_used(settings);
    tell_fixed(settings, checked, in_report);
}

void accept_compare(const struct settings *settings, struct checked *checked)
{
    for (size_t i = 0; settings->accept.baseline && i < checked->count; i++)
        if (checked->items[i].opened)
            baseline_compare(settings->accept.baseline, &checked->items[i].snapshot);
}

static void tell(void *argument, const char *words)
{
    complain(argument, "%s", words);
}

int accept_code(const struct settings *settings, const struct checked *checked)
{
    int code = EXIT_CLEAN;
    size_t gone = settings->accept.ratchet ? fixed(settings, checked) : 0;
    if (suppressions_complain(settings->accept.suppressions, tell, (void *)settings->command->name))
        code = EXIT_TROUBLE;
    if (code)
        complain(settings->command->name, "exit 2: --strict-suppressions asks for none of these");
    if (gone)
        complain(settings->command->name, "%s: allows more than there is, %zu time%s (--ratchet)",
                 settings->accept.known, gone, gone == 1 ? "" : "s");
    return gone ? model_graver(code, EXIT_LEAKS) : code;
}

void accept_generate(const struct settings *settings, const struct checked *checked)
{
    struct buffer line = {0};
    print_line(settings, "# leash suppressions 1");
    for (size_t i = 0; i < checked->count; i++) {
        const struct model_snapshot *snapshot = &checked->items[i].snapshot;
        for (size_t j = 0; checked->items[i].opened && j < snapshot->groups_count; j++) {
            const struct model_group *group = &snapshot->groups[j];
            if (group->suppressed_by || group->standing == MODEL_STANDING_KNOWN)
                continue;
            buffer_clear(&line);
            buffer_add(&line, "# ");
            headline_add(&line, group);
            print_line(settings, buffer_text(&line));
            buffer_clear(&line);
            suppression_add_exact(&line, group);
            print_line(settings, buffer_text(&line));
        }
    }
    buffer_free(&line);
}
