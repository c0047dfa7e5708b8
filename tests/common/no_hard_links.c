/* no_hard_links: a file system as FAT or CIFS may be (LD_PRELOAD).
 *
 * Build: cc -O2 -shared -fPIC -o no_hard_links.so no_hard_links.c -ldl
 *
 * link(2) fails with $NO_HARD_LINKS, the number of an error, and the fsync(2) of a folder with
 * EINVAL. rename(2) takes a second, so that processes which do not wait for each other meet
 * there. All else is as it was.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse(int error) {
    errno = error;
    return -1;
}

static int why(void) {
    const char *number = getenv("NO_HARD_LINKS");
    return number ? atoi(number) : EPERM;
}

int link(const char *from, const char *to) {
    (void)from, (void)to;
    return refuse(why());
}

int linkat(int from, const char *old, int to, const char *fresh, int flags) {
    (void)from, (void)old, (void)to, (void)fresh, (void)flags;
    return refuse(why());
}

int rename(const char *from, const char *to) {
    int (*call)(const char *, const char *) =
        (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
    sleep(1);
    return call(from, to);
}

int fsync(int fd) {
    struct stat found;
    if (!fstat(fd, &found) && S_ISDIR(found.st_mode)) return refuse(EINVAL);
    int (*call)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return call(fd);
}
