/* leash-script SCRIPT: runs an async script (../FORMAT.md) on leash under the virtual clock and prints its log.
 * Exit status: 0 the log is whole; 1 the runtime broke a promise; 2 the script is refused; 3 it left the format while
 * it ran. */
#include "run.h"
#include "script.h"

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: leash-script SCRIPT\n");
        return 2;
    }
    struct script *script = script_read(argv[1], stderr);
    if (!script)
        return 2;
    static char buffer[1 << 16];
    setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
    int status = run_script(script);
    script_free(script);
    return fflush(stdout) || ferror(stdout) ? 1 : status;
}
