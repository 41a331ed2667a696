/* Shared by the files of the sarif format, version 2.1.0. Texts are escaped as on a terminal: viewers show them. */
#ifndef LEASH_INSPECTOR_SARIF_H
#define LEASH_INSPECTOR_SARIF_H

#include "json/json.h"
#include "words/words.h"

/* What uriBaseId names: the folder that the source code lies under. */
#define SARIF_ROOT "%SRCROOT%"

/* {"text": ...} in which nothing is a link or a placeholder. */
json_t *sarif_message(const struct report_options *options, const char *words);
/* A file as a URI: relative ones are normalised and stand below SARIF_ROOT. */
json_t *sarif_artifact(const char *path);
/* A place in the source code; `words` and `func` may be NULL. */
json_t *sarif_location(const struct report_options *options, const char *file, int line, const char *func,
                       const char *words);
/* The place of a finding, with the line of code and the columns of the expression where the source is found. */
json_t *sarif_site(const struct report_options *options, const struct model_site *site, int64_t began_unix_ns);
/* `artifact`: the index of its trace in the run's artifacts. */
json_t *sarif_result(const struct report_options *options, const struct report_trace *trace, size_t artifact,
                     const struct model_group *group);

#endif
