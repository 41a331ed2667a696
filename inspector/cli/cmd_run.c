#include "accept.h"
#include "preload.h"
#include "tree.h"
#include "workspace.h"

#include <errno.h>
#include <string.h>

/* What became of the command, where that is not plain. */
static void tell_end(const struct tree *tree, const char *name)
{
    if (tree->failed)
        complain("run", "%s: cannot be run: %s", name, strerror(-tree->failed));
    else if (tree->signal)
        complain("run", "%s was ended by signal %d (SIG%s)", name, tree->signal, sigabbrev_np(tree->signal));
    else if (tree->code)
        complain("run", "%s exited with %d", name, tree->code);
}

/* No trace: that is what reports are to say, unless there was no command either. */
static int conclude_nothing(struct settings *settings, struct checked *checked, const struct tree *tree)
{
    if (!tree->failed) {
        checked_add_trouble(checked, settings->arguments[0], "recorded no trace: was it built with leash?");
        checked_report(checked, settings);
    }
    return tree->code ? tree->code : EXIT_TROUBLE;
}

/* The report; only a command that passed gets our exit code. */
static int conclude(struct settings *settings, struct workspace *workspace, struct checked *checked,
                    const struct tree *tree)
{
    if (checked->count == 0) {
        workspace_remove(workspace);
        return conclude_nothing(settings, checked, tree);
    }
    bool kept = workspace_keep(workspace, checked);
    if (!workspace->keep && !tree->code && checked_is_clean(checked, settings))
        workspace_name(workspace, checked);
    int code = checked_report(checked, settings);
    if (!kept)
        code = EXIT_TROUBLE;
    bool wanted = code || tree->code || !checked_is_clean(checked, settings); /* leaks may end with --exit-code 0 */
    if (!workspace->keep && wanted)
        complain("run", "%s kept in %s", checked->count == 1 ? "the trace is" : "the traces are", workspace->dir);
    if (kept && (workspace->keep || !wanted))
        workspace_remove(workspace);
    return tree->code ? tree->code : code;
}

static int record_and_check(struct settings *settings)
{
    struct workspace workspace;
    struct checked checked = {0};
    struct tree tree;
    char preload[PATH_MAX];
    if (settings->heap && !preload_find(preload, sizeof preload)) {
        complain("run", "--heap: libleash_malloc.so is not installed beside this program");
        return EXIT_TROUBLE;
    }
    if (workspace_make(&workspace, settings->arguments[0], settings->output) < 0)
        return EXIT_TROUBLE;
    int code = EXIT_TROUBLE,
        rc = tree_run(settings->arguments, workspace.pattern, settings->heap ? preload : NULL, &tree);
    if (rc < 0) {
        complain("run", "no process can be made: %s", strerror(-rc));
    } else {
        workspace_check(&workspace, tree.pid, &checked, settings);
        tell_end(&tree, settings->arguments[0]);
        code = conclude(settings, &workspace, &checked, &tree);
    }
    if (checked.count == 0)
        workspace_remove(&workspace);
    checked_free(&checked);
    return code;
}

int cmd_run(int argc, char **argv)
{
    struct settings settings;
    int rc = settings_read(&settings, "run", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc != 0)
        goto done;
    if (settings.arguments_count == 0) {
        complain("run", "which command? (usage: %s)", settings.command->usage);
        goto done;
    }
    if (accept_open(&settings) == 0 && settings_open(&settings, NULL) == 0)
        code = settings_close(&settings, record_and_check(&settings));
done:
    accept_close(&settings);
    settings_free(&settings);
    return code;
}
