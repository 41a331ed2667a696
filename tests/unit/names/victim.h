#ifndef VICTIM_H
#define VICTIM_H

#define VICTIM_API __attribute__((visibility("default")))
VICTIM_API void *victim_plain(int *line);
VICTIM_API void *victim_calls_static(int *line);
VICTIM_API void *victim_outer(int *line);

#endif
