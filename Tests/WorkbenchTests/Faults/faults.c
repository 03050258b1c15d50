/* Counts the calls by which a program and its children change files, and fails or kills at one of them.
   Preloaded: it stands before the C library's functions.

   FAULT_FILE   a file of sizeof(struct shared) bytes, the count that all processes share
   FAULT_AT     the number of the call to act at, from 1 on; 0 for none
   FAULT_ERRNO  the error it fails with; 0 to kill the process instead
   FAULT_OLD    where it is set, the file system knows no exchange of names */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct shared {
  atomic_ulong count;
  char name[24]; /* of the call that was acted at */
};

static struct shared *shared;
static unsigned long at;
static int failure;

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("FAULT_FILE"), *number = getenv("FAULT_AT"), *error = getenv("FAULT_ERRNO");
  if (file == NULL || number == NULL || error == NULL) return;
  at = strtoul(number, NULL, 10);
  failure = atoi(error);
  int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open");
  int descriptor = real(file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return;
  void *memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (memory != MAP_FAILED) shared = memory;
}

/* Whether the call is to fail; errno is set. */
static int strikes(const char *name) {
  if (shared == NULL || atomic_fetch_add(&shared->count, 1) + 1 != at) return 0;
  strncpy(shared->name, name, sizeof shared->name - 1);
  if (failure == 0) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  errno = failure;
  return 1;
}

/* Writing to a plain file can fail for want of space. What is printed, and what a process says to another
   through a pipe, cannot; but there a process can be killed. Progress, which is numbers, is not counted. */
static int strikes_at(int descriptor, const void *bytes, size_t count, const char *name) {
  struct stat status;
  int saved = errno;
  int known = fstat(descriptor, &status) == 0;
  errno = saved;
  if (!known) return 0;
  if (S_ISREG(status.st_mode) && descriptor > STDERR_FILENO) return strikes(name);
  int speaks = S_ISFIFO(status.st_mode) && count > 0 && *(const char *)bytes > '9';
  return failure == 0 && (S_ISREG(status.st_mode) || speaks) ? strikes(name) : 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define OPEN(name)                                                                \
  int name(const char *path, int flags, ...) {                                    \
    va_list rest;                                                                 \
    va_start(rest, flags);                                                        \
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;     \
    va_end(rest);                                                                 \
    if (flags & (O_WRONLY | O_RDWR | O_CREAT) && strikes(#name)) return -1;       \
    return REAL(name)(path, flags, mode);                                         \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                              \
  int name(int folder, const char *path, int flags, ...) {                        \
    va_list rest;                                                                 \
    va_start(rest, flags);                                                        \
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;     \
    va_end(rest);                                                                 \
    if (flags & (O_WRONLY | O_RDWR | O_CREAT) && strikes(#name)) return -1;       \
    return REAL(name)(folder, path, flags, mode);                                 \
  }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int descriptor, const void *bytes, size_t count) {
  return strikes_at(descriptor, bytes, count, "write") ? -1 : REAL(write)(descriptor, bytes, count);
}
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  return strikes_at(descriptor, bytes, count, "pwrite") ? -1 : REAL(pwrite)(descriptor, bytes, count, offset);
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  return strikes_at(descriptor, bytes, count, "pwrite64") ? -1 : REAL(pwrite64)(descriptor, bytes, count, offset);
}
int ftruncate(int descriptor, off_t length) {
  return strikes("ftruncate") ? -1 : REAL(ftruncate)(descriptor, length);
}
int ftruncate64(int descriptor, off64_t length) {
  return strikes("ftruncate64") ? -1 : REAL(ftruncate64)(descriptor, length);
}
int fsync(int descriptor) { return strikes("fsync") ? -1 : REAL(fsync)(descriptor); }
int fdatasync(int descriptor) { return strikes("fdatasync") ? -1 : REAL(fdatasync)(descriptor); }
int rename(const char *from, const char *to) {
  return strikes("rename") ? -1 : REAL(rename)(from, to);
}
int renameat(int a, const char *from, int b, const char *to) {
  return strikes("renameat") ? -1 : REAL(renameat)(a, from, b, to);
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  if (flags != 0 && getenv("FAULT_OLD") != NULL) return errno = EINVAL, -1;
  return strikes("renameat2") ? -1 : REAL(renameat2)(a, from, b, to, flags);
}
int unlink(const char *path) { return strikes("unlink") ? -1 : REAL(unlink)(path); }
int unlinkat(int folder, const char *path, int flags) {
  return strikes("unlinkat") ? -1 : REAL(unlinkat)(folder, path, flags);
}
int remove(const char *path) { return strikes("remove") ? -1 : REAL(remove)(path); }
int rmdir(const char *path) { return strikes("rmdir") ? -1 : REAL(rmdir)(path); }
int mkdir(const char *path, mode_t mode) { return strikes("mkdir") ? -1 : REAL(mkdir)(path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) {
  return strikes("mkdirat") ? -1 : REAL(mkdirat)(folder, path, mode);
}
