/* The samples in traces/samples/: small traces as SQL text, made from spools by the fold. */
#ifndef LEASH_TEST_SAMPLES_H
#define LEASH_TEST_SAMPLES_H

#include "trace_db.h"

struct sample {
    const char *name;     /* of the file, without .sql */
    const char *end_kind; /* how its run ended */
    void (*tell)(struct spool_maker *maker);
};
extern const struct sample samples[];
extern const size_t samples_count;

/* The sample's trace. */
sqlite3 *sample_trace(const struct sample *sample);
/* A trace as SQL text that makes it. To be freed. */
char *sample_text(sqlite3 *db);

#endif
