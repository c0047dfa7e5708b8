/* power_cut: a disk that keeps only what was synced (LD_PRELOAD).
 *
 * Build: cc -O2 -shared -fPIC -o power_cut.so power_cut.c -ldl
 *
 * Of the files below $POWER_CUT_DISK each fsync and fdatasync copies the present content
 * to $POWER_CUT_KEPT/data/KEY, and the fsync of a folder its list of names to
 * $POWER_CUT_KEPT/names/KEY, as lines of "KEY NAME". A key is the inode with the time of
 * its birth, for the number of a file that was removed serves again. After SIGKILL to all
 * processes those copies are what a disk holds after a power cut, at the worst: see
 * power.py, which puts them together again.
 *
 * A copy takes the place of the one before by rename, so that a process that is killed
 * while it copies leaves the earlier one, as a disk that had not finished would. The
 * real disk is not asked at all: nobody reads it after the "cut".
 *
 * With $POWER_CUT_BEFORE=N a process is killed as it asks for its Nth sync.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int syncs;

/* Of our own files and of a disk that is not watched. */
static int really(const char *name, int fd) {
    int (*call)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    return call(fd);
}

static void give_up(const char *why) {
    dprintf(2, "power_cut: %s: %s\n", why, strerror(errno));
    abort(); /* a copy that failed must fail the test, and not pass for a lost one */
}

/* Whether the file lies on the disk that is watched, under a name. */
static int is_watched(int fd, const char *disk) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    size_t prefix = strlen(disk);
    return !strncmp(path, disk, prefix) && (path[prefix] == '/' || path[prefix] == 0);
}

/* What tells this file from every other one, before and after it; for power.py as well. */
int power_cut_key(int folder, const char *name, char *key, size_t size) {
    struct statx file;
    int flags = AT_SYMLINK_NOFOLLOW | (*name ? 0 : AT_EMPTY_PATH);
    if (statx(folder, name, flags, STATX_INO | STATX_BTIME, &file)) return -1;
    snprintf(key, size, "%llu-%lld.%u", (unsigned long long)file.stx_ino,
             (long long)file.stx_btime.tv_sec, file.stx_btime.tv_nsec);
    return 0;
}

static void copy_content(int from, int to) {
    static __thread char buffer[1 << 20];
    off_t at = 0;
    for (;;) {
        /* On this descriptor: to close another one would drop SQLite's POSIX locks. */
        ssize_t got = pread(from, buffer, sizeof buffer, at);
        if (got < 0 && errno == EBADF) { /* opened to write only, as logs are */
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", from);
            int again = open(link, O_RDONLY | O_CLOEXEC);
            if (again < 0) give_up("open");
            copy_content(again, to);
            close(again);
            return;
        }
        if (got < 0) give_up("read");
        if (got == 0) return;
        for (ssize_t done = 0; done < got;) {
            ssize_t put = write(to, buffer + done, got - done);
            if (put < 0) give_up("write");
            done += put;
        }
        at += got;
    }
}

static void copy_names(int from, int to) {
    char link[64], key[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", from);
    DIR *folder = opendir(link);
    if (!folder) give_up("opendir");
    for (struct dirent *entry; (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
            !power_cut_key(dirfd(folder), entry->d_name, key, sizeof key))
            dprintf(to, "%s %s\n", key, entry->d_name);
    closedir(folder);
}

static void keep(int fd, const char *kept) {
    char place[PATH_MAX], fresh[PATH_MAX], key[64];
    struct stat file;
    if (fstat(fd, &file) || power_cut_key(fd, "", key, sizeof key)) give_up("stat");
    int is_folder = S_ISDIR(file.st_mode);
    snprintf(place, sizeof place, "%s/lock", kept);
    int lock = open(place, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    /* An earlier copy must not take the place of a later one. */
    if (lock < 0 || flock(lock, LOCK_EX)) give_up("lock");
    snprintf(place, sizeof place, "%s/%s/%s", kept, is_folder ? "names" : "data", key);
    snprintf(fresh, sizeof fresh, "%s/fresh-%d", kept, getpid());
    int to = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (to < 0) give_up("open");
    if (is_folder) copy_names(fd, to);
    else copy_content(fd, to);
    close(to);
    if (rename(fresh, place)) give_up("rename");
    close(lock);
}

static int sync_of(const char *name, int fd) {
    const char *disk = getenv("POWER_CUT_DISK"), *kept = getenv("POWER_CUT_KEPT");
    const char *last = getenv("POWER_CUT_BEFORE");
    int error = errno;
    if (!disk || !kept || !is_watched(fd, disk)) {
        errno = error;
        return really(name, fd);
    }
    if (last && atomic_fetch_add(&syncs, 1) + 1 == atoi(last)) raise(SIGKILL);
    keep(fd, kept);
    errno = error;
    return 0;
}

int fsync(int fd) { return sync_of("fsync", fd); }
int fdatasync(int fd) { return sync_of("fdatasync", fd); }
