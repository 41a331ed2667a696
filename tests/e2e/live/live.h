/* live_program under test: started, told what to do, ended or killed. Failures assert. */
#ifndef LEASH_TEST_LIVE_H
#define LEASH_TEST_LIVE_H

#include <sys/types.h>

struct live {
    pid_t pid;
    int to, from; /* its standard input and output */
};

/* Starts it with a trace at `trace`. */
void live_start(struct live *live, const char *trace);
/* Has it do what the letters say, one after the other, and waits until it has. Not for 'k' and 'q'. */
void live_tell(struct live *live, const char *letters);
/* Tells it 'k' or 'q' and waits for its end. */
void live_end(struct live *live, char letter);

#endif
