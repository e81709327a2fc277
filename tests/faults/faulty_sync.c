/* Loaded before the C library: while the file of LINESIDE_FAULTY_SYNC exists, nothing reaches the disk (EIO). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static int asked(const char *name, int file)
{
    const char *switch_file = getenv("LINESIDE_FAULTY_SYNC");
    if (switch_file && access(switch_file, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return real(file);
}

int fsync(int file)
{
    return asked("fsync", file);
}

int fdatasync(int file)
{
    return asked("fdatasync", file);
}
