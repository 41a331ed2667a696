/* Everything that a key or a word of the command line can ask for. From this list come the commands of ':', the words
 * of the hint row, the help and the section on keys of the manual.
 *
 * ACTION(symbol, group, "name", "hint", "what it does")
 *   group  where the help lists it
 *   name   as a command: ":waits-for"
 *   hint   in the hint row, "w:waits-for"; neighbours there with the same hint are put together: "[ ]:time" */
#ifndef LEASH_INSPECTOR_ACTION_H
#define LEASH_INSPECTOR_ACTION_H

#define ACTION_GROUPS(GROUP)                                                                                           \
    GROUP(MOVE, "MOVE")                                                                                                \
    GROUP(FOLLOW, "FOLLOW A RELATION")                                                                                 \
    GROUP(ACT, "ACT")                                                                                                  \
    GROUP(FIND, "FIND")                                                                                                \
    GROUP(SHOW, "SORT AND SHOW")                                                                                       \
    GROUP(LEAVE, "LEAVE")

#define ACTIONS(ACTION)                                                                                                \
    ACTION(DOWN, MOVE, "down", "row", "next row")                                                                      \
    ACTION(UP, MOVE, "up", "row", "previous row")                                                                      \
    ACTION(HALF_DOWN, MOVE, "half-page-down", "page", "half a page down")                                              \
    ACTION(HALF_UP, MOVE, "half-page-up", "page", "half a page up")                                                    \
    ACTION(PAGE_DOWN, MOVE, "page-down", "page", "a page down")                                                        \
    ACTION(PAGE_UP, MOVE, "page-up", "page", "a page up")                                                              \
    ACTION(FIRST, MOVE, "first", "first", "first row")                                                                 \
    ACTION(LAST, MOVE, "last", "last", "last row; resumes following")                                                  \
    ACTION(LEFT, MOVE, "left", "pan", "scroll left, fold, pan")                                                        \
    ACTION(RIGHT, MOVE, "right", "pan", "scroll right, unfold, pan")                                                   \
    ACTION(UNFOLD, MOVE, "unfold", "fold", "unfold this row")                                                          \
    ACTION(FOLD, MOVE, "fold", "fold", "fold this row")                                                                \
    ACTION(UNFOLD_ALL, MOVE, "unfold-all", "fold", "unfold everything")                                                \
    ACTION(FOLD_ALL, MOVE, "fold-all", "fold", "fold everything")                                                      \
    ACTION(FOCUS, MOVE, "focus", "detail", "list or detail")                                                           \
    ACTION(VIEW_1, MOVE, "view-1", "view", "first view: leaks")                                                        \
    ACTION(VIEW_2, MOVE, "view-2", "tasks", "second view: tasks")                                                      \
    ACTION(VIEW_3, MOVE, "view-3", "awaits", "third view: awaits")                                                     \
    ACTION(VIEW_4, MOVE, "view-4", "timeline", "fourth view: timeline")                                                \
    ACTION(VIEW_5, MOVE, "view-5", "sites", "fifth view: sites")                                                       \
    ACTION(VIEW_6, MOVE, "view-6", "events", "sixth view: events")                                                     \
    ACTION(VIEW_7, MOVE, "view-7", "sql", "seventh view: SQL")                                                         \
    ACTION(BACK, MOVE, "back", "back", "back to where you were")                                                       \
    ACTION(FORWARD, MOVE, "forward", "forward", "forward again")                                                       \
    ACTION(OPEN, FOLLOW, "open", "open", "open the row; unfold it")                                                    \
    ACTION(WAITS_FOR, FOLLOW, "waits-for", "waits-for", "what it waits for")                                           \
    ACTION(AWAITER, FOLLOW, "awaiter", "awaiter", "who waits for it")                                                  \
    ACTION(PARENT, FOLLOW, "parent", "parent", "who created it")                                                       \
    ACTION(CHILDREN, FOLLOW, "children", "children", "what it created")                                                \
    ACTION(SITE, FOLLOW, "site", "site", "where it was created")                                                       \
    ACTION(ROOT, FOLLOW, "root", "root cause", "root cause: waits-for up to its end")                                  \
    ACTION(TIMELINE_HERE, FOLLOW, "timeline", "timeline here", "the timeline at this row")                             \
    ACTION(EVENTS_HERE, FOLLOW, "events", "events", "its events")                                                      \
    ACTION(GO, FOLLOW, "go", "go", "go to an id: #31, #c42, #f3, #q3")                                                 \
    ACTION(STEP_BACK, FOLLOW, "step-back", "time", "previous change, or previous of this")                             \
    ACTION(STEP_ON, FOLLOW, "step-on", "time", "next change, or next of this")                                         \
    ACTION(SAME_BACK, FOLLOW, "same-back", "same task", "previous event of the same task")                             \
    ACTION(SAME_ON, FOLLOW, "same-on", "same task", "next event of the same task")                                     \
    ACTION(KIND_BACK, FOLLOW, "kind-back", "same kind", "previous event of the same kind")                             \
    ACTION(KIND_ON, FOLLOW, "kind-on", "same kind", "next event of the same kind")                                     \
    ACTION(COPY, ACT, "copy", "copy", "copy menu: id, site, stack, ...")                                               \
    ACTION(EDIT, ACT, "edit", "edit", "$EDITOR at this line of code")                                                  \
    ACTION(ACCEPT, ACT, "accept", "accept", "accept: suppress this finding")                                           \
    ACTION(EXPORT, ACT, "export", "export", "write the view: csv, json, md, text")                                     \
    ACTION(TAG, ACT, "tag", "tag", "tag the row")                                                                      \
    ACTION(UNTAG, ACT, "untag", "untag", "untag all rows")                                                             \
    ACTION(MARK, ACT, "mark", "mark", "set a mark at this time")                                                       \
    ACTION(MARK_GO, ACT, "go-mark", "mark", "go to a mark")                                                            \
    ACTION(COMMAND, ACT, "command", "command", "command line: every key has a name")                                   \
    ACTION(SQL, ACT, "sql", "sql", "ask in SQL, read-only")                                                            \
    ACTION(FOLLOW, ACT, "follow", "follow", "follow a live trace, on or off")                                          \
    ACTION(REDRAW, ACT, "redraw", "redraw", "draw the screen again")                                                   \
    ACTION(MOUSE, ACT, "mouse", "mouse", "the mouse is ours, or the terminal's")                                       \
    ACTION(SEARCH, FIND, "search", "search", "search as you type")                                                     \
    ACTION(SEARCH_NEXT, FIND, "next", "next", "next match")                                                            \
    ACTION(SEARCH_PREVIOUS, FIND, "previous", "previous", "previous match")                                            \
    ACTION(FILTER, FIND, "filter", "filter", "filter, as --where")                                                     \
    ACTION(ONLY_CELL, FIND, "only", "only", "only rows with this cell; zoom in")                                       \
    ACTION(WITHOUT_CELL, FIND, "without", "without", "no rows with this cell; zoom out")                               \
    ACTION(CLEAR, FIND, "clear", "clear", "clear filter and search")                                                   \
    ACTION(AS_FILTER, FIND, "as-filter", "as filter", "the tasks of this result, as a filter of Tasks")                \
    ACTION(SUPPRESSED, FIND, "suppressed", "suppressed", "show what is suppressed too")                                \
    ACTION(SORT, SHOW, "sort", "sort", "sort menu")                                                                    \
    ACTION(INVERT, SHOW, "invert", "invert", "the other way round")                                                    \
    ACTION(COLUMNS, SHOW, "columns", "columns", "which columns")                                                       \
    ACTION(GROUP_BY, SHOW, "group", "group by", "group by another thing")                                              \
    ACTION(FLIP, SHOW, "flip", "flip", "turn the tree: blocker on top")                                                \
    ACTION(FAMILY, SHOW, "family", "only its family", "only this task and its family")                                 \
    ACTION(HISTOGRAM, SHOW, "histogram", "histogram", "histogram")                                                     \
    ACTION(ZOOM_IN, SHOW, "zoom-in", "zoom", "zoom in at the cursor")                                                  \
    ACTION(ZOOM_OUT, SHOW, "zoom-out", "zoom", "zoom out")                                                             \
    ACTION(ZOOM_FIT, SHOW, "zoom-fit", "zoom", "all of it")                                                            \
    ACTION(TIME, SHOW, "time", "time", "time: relative, of the day, delta")                                            \
    ACTION(FULL, SHOW, "full", "full size", "this pane in full size")                                                  \
    ACTION(SOURCE, SHOW, "source", "source", "source code on or off")                                                  \
    ACTION(NEXT_TAB, SHOW, "next-tab", "next tab", "next part of the detail")                                          \
    ACTION(STACK, SHOW, "stack", "stack", "the stack of its creation")                                                 \
    ACTION(HELP, LEAVE, "help", "help", "this help")                                                                   \
    ACTION(QUIT, LEAVE, "quit", "quit", "close the pane, the view, the program")                                       \
    ACTION(QUIT_ALL, LEAVE, "quit!", "quit", "quit at once")                                                           \
    ACTION(STOP, LEAVE, "stop", "stop", "stop the running query, else quit")                                           \
    ACTION(CANCEL, LEAVE, "cancel", "cancel", "cancel; never quits")                                                   \
    ACTION(SUSPEND, LEAVE, "suspend", "suspend", "suspend the program")

#define ACTION(symbol, group, name, hint, words) ACTION_##symbol,
enum action { ACTION_NONE, ACTIONS(ACTION) ACTION_COUNT };
#undef ACTION

#define GROUP(symbol, words) ACTION_GROUP_##symbol,
enum action_group { ACTION_GROUPS(GROUP) ACTION_GROUP_COUNT };
#undef GROUP

struct action_words {
    const char *name, *hint, *help;
    enum action_group group;
};
/* Of any action but ACTION_NONE. */
const struct action_words *action_words(enum action action);
const char *action_group_words(enum action_group group);
/* ACTION_NONE: no action has that name. */
enum action action_named(const char *name);

#endif
