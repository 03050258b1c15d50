#define _GNU_SOURCE

#include "confine.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#if !defined(SYS_close_range)
#define SYS_close_range 436
#endif

static int is_kept(int descriptor, const int *keep, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (keep[i] == descriptor) return 1;
  }
  return 0;
}

/* The smallest kept descriptor from `first` on; INT_MAX where there is none. */
static int next_kept(int first, const int *keep, size_t count) {
  int next = INT_MAX;
  for (size_t i = 0; i < count; i++) {
    if (keep[i] >= first && keep[i] < next) next = keep[i];
  }
  return next;
}

/* For kernels without a call that closes many. */
static int close_listed(int first, const int *keep, size_t count) {
  DIR *folder = opendir("/proc/self/fd");
  if (!folder) return -1;
  for (const struct dirent *entry; (entry = readdir(folder));) {
    char *end;
    const long descriptor = strtol(entry->d_name, &end, 10);
    if (end == entry->d_name || descriptor < first || descriptor == dirfd(folder)) continue;
    if (!is_kept((int)descriptor, keep, count)) close((int)descriptor);
  }
  return closedir(folder);
}

int system_close_descriptors_from(int first, const int *keep, size_t count) {
  if (first < 0) {
    errno = EINVAL;
    return -1;
  }
  for (int kept; first < INT_MAX; first = kept + 1) {
    kept = next_kept(first, keep, count);
    if (kept > first && syscall(SYS_close_range, first, kept - 1, 0) != 0) {
      if (errno != ENOSYS && errno != EPERM) return -1;
      return close_listed(first, keep, count);
    }
    if (kept == INT_MAX) return 0;
  }
  return 0;
}
