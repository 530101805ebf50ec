/* Stands between the server and the C library (LD_PRELOAD), to give it the machine that the attack
 * wants: a disk that keeps only what was synced, or is full, and a clock that jumps.
 *
 * SOTTO_SHIM_CONTROL  a file of three 64-bit numbers, which may change at any time:
 *                     seconds to add to the wall clock; is the disk full; does syncing only pretend (1),
 *                     or that of the files that people have sent (2)
 * SOTTO_SHIM_DATA     the folder that the server keeps its data in
 * SOTTO_SHIM_DISK     a folder that stands for the disk below it: contents/NAME is what of a file was
 *                     synced, names/NAME exists if the folder was synced since the file or folder was made,
 *                     renames/NAME holds the name that it had before, if the folder was not synced since then.
 *                     NAME is the path within the data folder, with ! for /. If it is not set, nothing is recorded.
 *
 * A sync copies what differs; the real one is left out, because the page cache survives the
 * server's death. tests/torture/power.rs cuts the power. */

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct control { int64_t clock_ahead, disk_full, sync_pretends; };

static const struct control calm;
static const volatile struct control *control = &calm;
static const char *data, *disk;
static pthread_mutex_t syncing = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void) {
  data = getenv("SOTTO_SHIM_DATA");
  disk = getenv("SOTTO_SHIM_DISK");
  const char *path = getenv("SOTTO_SHIM_CONTROL");
  int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof *control, PROT_READ, MAP_SHARED, fd, 0);
  if (mapped != MAP_FAILED) control = mapped;
  close(fd);
}

/* The name of an open file within the data folder, "" for the folder itself; NULL for any other. */
static const char *name_of(int fd, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = data ? readlink(link, path, PATH_MAX - 1) : -1;
  if (length < 0) return NULL;
  path[length] = 0;
  size_t prefix = strlen(data);
  if (strncmp(path, data, prefix) != 0) return NULL;
  return path[prefix] == '/' ? path + prefix + 1 : path[prefix] == 0 ? path + prefix : NULL;
}

/* --- A disk that keeps what was synced ------------------------------------------------------- */

static void fail(const char *what) {
  perror(what);
  abort();
}

/* Where the disk keeps something of what has this name within the data folder. */
static void place_of(char place[PATH_MAX], const char *what, const char *name) {
  int start = snprintf(place, PATH_MAX, "%s/%s/", disk, what);
  snprintf(place + start, PATH_MAX - start, "%s", name);
  for (char *c = place + start; *c; c++) if (*c == '/') *c = '!';
}

static void keep_contents(const char *path, const char *name) {
  static char held[1 << 16], kept[1 << 16];
  char place[PATH_MAX];
  place_of(place, "contents", name);
  int from = open(path, O_RDONLY | O_CLOEXEC);
  if (from < 0 && errno == ENOENT) return; /* Removed meanwhile. */
  int to = open(place, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (from < 0 || to < 0) fail(place);
  off_t at = 0;
  ssize_t size;
  while ((size = pread(from, held, sizeof held, at)) > 0) {
    if (pread(to, kept, size, at) != size || memcmp(held, kept, size) != 0) {
      if (syscall(SYS_pwrite64, to, held, size, at) != size) fail(place);
    }
    at += size;
  }
  struct stat now;
  if (size < 0 || fstat(to, &now) < 0 || (now.st_size != at && syscall(SYS_ftruncate, to, at) < 0)) fail(place);
  close(from);
  close(to);
}

/* What was renamed has its new name for good, and what it was called before is gone. */
static void keep_rename(const char *name) {
  char record[PATH_MAX], before[PATH_MAX], from[PATH_MAX], to[PATH_MAX];
  place_of(record, "renames", name);
  int fd = open(record, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ssize_t length = read(fd, before, sizeof before - 1);
  close(fd);
  if (length < 0) fail(record);
  before[length] = 0;
  place_of(from, "contents", before);
  place_of(to, "contents", name);
  unlink(to);
  if (syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0) < 0 && errno != ENOENT) fail(from);
  place_of(from, "names", before);
  unlink(from);
  unlink(record);
}

static void keep_names(const char *folder, const char *name) {
  DIR *names = opendir(folder);
  if (!names) fail(folder);
  for (struct dirent *entry; (entry = readdir(names));) {
    if (entry->d_type != DT_REG && entry->d_type != DT_DIR) continue;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char within[PATH_MAX], place[PATH_MAX];
    snprintf(within, sizeof within, "%s%s%s", name, *name ? "/" : "", entry->d_name);
    keep_rename(within);
    place_of(place, "names", within);
    int fd = open(place, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) fail(place);
    close(fd);
  }
  closedir(names);
}

/* As long as a disk takes, so that a power cut mostly finds something that is not synced yet. */
static const struct timespec disk_takes = {.tv_nsec = 4000000};

/* Whether a sync of what has this name does nothing. */
static int pretends(const char *name) {
  int is_sent = strncmp(name, "files", 5) == 0 && (name[5] == '/' || name[5] == 0);
  return control->sync_pretends == 1 || (control->sync_pretends == 2 && is_sent);
}

static int sync_file(int fd) {
  char path[PATH_MAX];
  const char *name = name_of(fd, path);
  if (!name || !disk || pretends(name)) return 0;
  nanosleep(&disk_takes, NULL);
  pthread_mutex_lock(&syncing);
  struct stat now;
  if (fstat(fd, &now) < 0) fail(path);
  if (S_ISDIR(now.st_mode)) keep_names(path, name); else keep_contents(path, name);
  pthread_mutex_unlock(&syncing);
  return 0;
}

int fsync(int fd) { return sync_file(fd); }
int fdatasync(int fd) { return sync_file(fd); }

/* Until the folder is synced, the disk has it under the old name; both lie in one folder. */
int rename(const char *from, const char *to) {
  size_t prefix = data ? strlen(data) : 0;
  int is_ours = disk && strncmp(from, data, prefix) == 0 && from[prefix] == '/';
  pthread_mutex_lock(&syncing);
  int result = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  if (result == 0 && is_ours) {
    char record[PATH_MAX];
    place_of(record, "renames", to + prefix + 1);
    int fd = open(record, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    char before[PATH_MAX];
    int length = snprintf(before, sizeof before, "%s", from + prefix + 1);
    for (char *c = before; *c; c++) if (*c == '/') *c = '!';
    if (fd < 0 || syscall(SYS_write, fd, before, length) != length) fail(record);
    close(fd);
  }
  pthread_mutex_unlock(&syncing);
  return result;
}

/* --- A disk that is full --------------------------------------------------------------------- */

static int has_no_room(int fd, off_t end) {
  char path[PATH_MAX];
  struct stat now;
  if (!control->disk_full || !name_of(fd, path) || fstat(fd, &now) < 0 || end <= now.st_size) return 0;
  errno = ENOSPC;
  return 1;
}

ssize_t write(int fd, const void *from, size_t size) {
  if (control->disk_full && has_no_room(fd, lseek(fd, 0, SEEK_CUR) + (off_t)size)) return -1;
  return syscall(SYS_write, fd, from, size);
}

ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) {
  return has_no_room(fd, at + (off_t)size) ? -1 : syscall(SYS_pwrite64, fd, from, size, at);
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t at) { return pwrite64(fd, from, size, at); }

int ftruncate64(int fd, off64_t size) { return has_no_room(fd, size) ? -1 : (int)syscall(SYS_ftruncate, fd, size); }
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

/* --- A clock that jumps ---------------------------------------------------------------------- */

int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += control->clock_ahead;
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  struct timespec precise;
  clock_gettime(CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec precise;
  clock_gettime(CLOCK_REALTIME, &precise);
  if (result) *result = precise.tv_sec;
  return precise.tv_sec;
}
