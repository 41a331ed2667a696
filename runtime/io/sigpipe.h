/* libuv writes with write(2), which raises SIGPIPE where the reader is gone. */
#ifndef LEASH_IO_SIGPIPE_H
#define LEASH_IO_SIGPIPE_H

/* From now on SIGPIPE is ignored if nobody handles it (SIG_DFL), until as many calls of _end have come. Any thread. */
void leash__sigpipe_begin(void);
void leash__sigpipe_end(void);

#endif
