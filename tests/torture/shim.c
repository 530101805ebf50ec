/* Stands between the server and the C library (LD_PRELOAD), to give it the machine that the attack
 * wants: a disk that keeps only what was synced, or is full, and a clock that jumps.
 *
 * SOTTO_SHIM_CONTROL  a file of three 64-bit numbers, which may change at any time:
 *                     seconds to add to the wall clock; is the disk full; does syncing only pretend
 * SOTTO_SHIM_DATA     the folder that the server keeps its data in
 * SOTTO_SHIM_DISK     a folder that stands for the disk below it: contents/NAME is what of a file was
 *                     synced, names/NAME exists if the folder was synced since the file was made.
 *                     If it is not set, nothing is recorded.
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

static void keep_contents(const char *path, const char *name) {
  static char held[1 << 16], kept[1 << 16];
  char place[PATH_MAX];
  snprintf(place, sizeof place, "%s/contents/%s", disk, name);
  int from = open(path, O_RDONLY | O_CLOEXEC), to = open(place, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
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

static void keep_names(const char *folder) {
  DIR *names = opendir(folder);
  if (!names) fail(folder);
  for (struct dirent *entry; (entry = readdir(names));) {
    if (entry->d_type != DT_REG) continue;
    char place[PATH_MAX];
    snprintf(place, sizeof place, "%s/names/%s", disk, entry->d_name);
    int fd = open(place, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) fail(place);
    close(fd);
  }
  closedir(names);
}

/* As long as a disk takes, so that a power cut mostly finds something that is not synced yet. */
static const struct timespec disk_takes = {.tv_nsec = 4000000};

static int sync_file(int fd) {
  char path[PATH_MAX];
  const char *name = name_of(fd, path);
  if (!name || !disk || control->sync_pretends) return 0;
  nanosleep(&disk_takes, NULL);
  pthread_mutex_lock(&syncing);
  if (*name) keep_contents(path, name); else keep_names(path);
  pthread_mutex_unlock(&syncing);
  return 0;
}

int fsync(int fd) { return sync_file(fd); }
int fdatasync(int fd) { return sync_file(fd); }

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
