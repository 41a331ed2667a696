#include "open_descriptors.h"

#include <dirent.h>

int open_descriptors(void)
{
    int count = 0;
    DIR *all = opendir("/proc/self/fd");
    while (all && readdir(all))
        count++;
    closedir(all);
    return count;
}
