/* Attempts at files and descriptors. */
#define _GNU_SOURCE
#include "attempts.h"

#include "confine.h"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_with(const char *path, int flags) { return error_of(open(path, flags, 0600)); }

static int create(void) { return open_with(in(outside, "new"), O_WRONLY | O_CREAT); }
static int create_inside(void) { return open_with(in(inside, "new"), O_WRONLY | O_CREAT); }
static int overwrite(void) { return open_with(file, O_WRONLY); }
static int empty(void) { return open_with(file, O_RDONLY | O_TRUNC); }
static int empty_inside(void) { return open_with(in(inside, "file"), O_RDONLY | O_TRUNC); }
static int shorten(void) { return error_of(truncate(file, 0)); }
static int remove_file(void) { return error_of(unlink(file)); }
static int remove_inside(void) { return error_of(unlink(in(inside, "file"))); }
static int make_folder(void) { return error_of(mkdir(in(outside, "folder"), 0700)); }
static int make_link(void) { return error_of(symlink("/", in(outside, "link"))); }
static int rename_file(void) { return error_of(rename(file, in(outside, "renamed"))); }
static int change_mode(void) { return error_of(chmod(file, 0640)); }
static int change_mode_inside(void) { return error_of(chmod(in(inside, "file"), 0640)); }
static int change_owner(void) { return error_of(chown(file, getuid(), getgid())); }
static int change_time(void) { return error_of(utimensat(AT_FDCWD, file, NULL, 0)); }
static int change_flags(void) {
  /* Of a pipe, which has none: ENOTTY. */
  int ends[2], flags = 0;
  return pipe(ends) == 0 ? error_of(ioctl(ends[0], FS_IOC_SETFLAGS, &flags)) : -1;
}

static int read_outside(void) { return open_with(file, O_RDONLY); }
static int read_password(void) { return open_with("/etc/passwd", O_RDONLY); }
static int list_outside(void) { return opendir(outside) ? 0 : errno; }
static int list_inside(void) { return opendir(inside) ? 0 : errno; }
static int read_inside(void) {
  char byte;
  const int descriptor = open(in(inside, "file"), O_RDONLY);
  return error_of(descriptor < 0 ? -1 : read(descriptor, &byte, 1));
}
static int read_environment(void) {
  char path[64], byte;
  snprintf(path, sizeof path, "/proc/%d/environ", (int)getppid());
  const int descriptor = open(path, O_RDONLY);
  return error_of(descriptor < 0 ? -1 : read(descriptor, &byte, 1));
}

static int write_open_file(void) { return error_of(write(writable, "text", 4)); }
static int fill_memory_file(void) { return error_of(ftruncate(memfd_create("memory", 0), 4096)); }
static int pipe_bytes(void) {
  int ends[2];
  char byte = 1;
  if (pipe(ends) != 0 || write(ends[1], &byte, 1) != 1) return errno;
  return error_of(read(ends[0], &byte, 1));
}

static int load(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) return EACCES;
  int (*const answer)(void) = (int (*)(void))dlsym(library, "answer");
  return answer && answer() == 42 ? 0 : EINVAL;
}
static int load_inside(void) { return load(in(inside, "libplain.so")); }
static int load_outside(void) { return load(in(outside, "libplain.so")); }

static int open_many(void) {
  for (int i = 0; i < 300; i++) {
    if (dup(0) < 0) return errno;
  }
  return 0;
}

static int is_open(int descriptor) { return fcntl(descriptor, F_GETFD) >= 0; }

static int close_all_but_two(void) {
  const int first = dup(0), second = dup(0), third = dup(0), fourth = dup(0);
  const int keep[] = {fourth, second, 1};
  if (system_close_descriptors_from(first, keep, 3) != 0) return errno;
  const int is_right =
      is_open(0) && is_open(1) && !is_open(first) && is_open(second) && !is_open(third) &&
      is_open(fourth) && !is_open(fourth + 1);
  return is_right ? 0 : EINVAL;
}

/* As on a kernel that cannot close many at once. */
static int close_one_by_one(void) {
  if (be_without(436) != 0) return errno;
  if (syscall(436, 900, 901, 0) == 0 || errno != ENOSYS) return EINVAL;
  return close_all_but_two();
}

const struct attempt file_attempts[] = {
    {"create", create},
    {"create-inside", create_inside},
    {"overwrite", overwrite},
    {"empty", empty},
    {"empty-inside", empty_inside},
    {"truncate", shorten},
    {"unlink", remove_file},
    {"unlink-inside", remove_inside},
    {"mkdir", make_folder},
    {"symlink", make_link},
    {"rename", rename_file},
    {"chmod", change_mode},
    {"chmod-inside", change_mode_inside},
    {"chown", change_owner},
    {"utimensat", change_time},
    {"set-flags", change_flags},
    {"read-outside", read_outside},
    {"read-passwd", read_password},
    {"list-outside", list_outside},
    {"list-inside", list_inside},
    {"read-inside", read_inside},
    {"read-environ", read_environment},
    {"write-open-file", write_open_file},
    {"fill-memory-file", fill_memory_file},
    {"pipe", pipe_bytes},
    {"load-inside", load_inside},
    {"load-outside", load_outside},
    {"open-many", open_many},
    {"close-from", close_all_but_two},
    {"close-from-old-kernel", close_one_by_one},
    {0},
};
