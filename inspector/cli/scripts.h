/* The files of completions/, as text. */
#ifndef LEASH_INSPECTOR_SCRIPTS_H
#define LEASH_INSPECTOR_SCRIPTS_H

struct script {
    const char *shell, *text;
};
/* An entry without a shell after the last. */
extern const struct script scripts[];

#endif
