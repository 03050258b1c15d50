/* Landlock: what may be read of the file system, with no right to change any of it.
   https://docs.kernel.org/userspace-api/landlock.html */
#define _GNU_SOURCE

#include "confine_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The system's header may be older than its kernel, so that names and numbers are given here. The
   numbers of the calls are the same on all processors. */
enum { create_ruleset_call = 444, add_rule_call = 445, restrict_self_call = 446 };
enum { create_ruleset_version = 1, rule_path_beneath = 1 };

enum {
  read_file = 1 << 2,
  read_folder = 1 << 3,
  /* Executing, writing, reading, removing and making. */
  rights_of_version_1 = (1 << 13) - 1,
  /* Linking and renaming between folders, which version 1 always refuses. */
  refer = 1 << 13,
  truncate_file = 1 << 14,
  control_device = 1 << 15,
};
enum { bind_tcp = 1 << 0, connect_tcp = 1 << 1 };
enum { scope_abstract_socket = 1 << 0, scope_signal = 1 << 1 };

struct ruleset {
  uint64_t files, network, scoped;
};

struct path_beneath {
  uint64_t allowed;
  int32_t parent;
} __attribute__((packed));

/* What a kernel handles it refuses, unless a rule allows it. */
static struct ruleset ruleset_of(int version) {
  struct ruleset ruleset = {rights_of_version_1, 0, 0};
  if (version >= 2) ruleset.files |= refer;
  if (version >= 3) ruleset.files |= truncate_file;
  if (version >= 4) ruleset.network = bind_tcp | connect_tcp;
  if (version >= 5) ruleset.files |= control_device;
  if (version >= 6) ruleset.scoped = scope_abstract_socket | scope_signal;
  return ruleset;
}

/* To load a library is to read it: the right to execute is for programs, and none is started. */
static int allow_reading(int ruleset, const char *path) {
  const int parent = open(path, O_PATH | O_CLOEXEC);
  if (parent < 0) return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
  struct stat status;
  int result = fstat(parent, &status);
  if (result == 0) {
    const int is_folder = S_ISDIR(status.st_mode);
    const struct path_beneath rule = {is_folder ? read_file | read_folder : read_file, parent};
    result = (int)syscall(add_rule_call, ruleset, rule_path_beneath, &rule, 0);
  }
  const int error = errno;
  close(parent);
  errno = error;
  return result;
}

static int restrict_to(int ruleset, const struct system_confinement *wanted) {
  for (size_t i = 0; i < wanted->readable_count; i++) {
    if (allow_reading(ruleset, wanted->readable[i]) != 0) return -1;
  }
  return (int)syscall(restrict_self_call, ruleset, 0);
}

/* EOPNOTSUPP: built into the kernel and not switched on. EPERM comes from a filter of calls around this
   process that does not know this one. */
static int is_missing(int error) {
  return error == ENOSYS || error == EOPNOTSUPP || error == EPERM;
}

static void note(int version, struct system_confinement_report *report) {
  report->landlock_version = version;
  *(version >= 1 ? &report->applied : &report->missing) |= SYSTEM_CONFINED_FILES;
  *(version >= 4 ? &report->applied : &report->missing) |= SYSTEM_CONFINED_NETWORK;
  *(version >= 6 ? &report->applied : &report->missing) |= SYSTEM_CONFINED_SCOPES;
}

int system_confine_files(
    const struct system_confinement *wanted, struct system_confinement_report *report) {
  const int version = (int)syscall(create_ruleset_call, NULL, (size_t)0, create_ruleset_version);
  if (version < 0 && is_missing(errno)) {
    note(0, report);
    return 0;
  }
  if (version < 0) return -1;
  const struct ruleset handled = ruleset_of(version);
  /* An older kernel takes the longer structure, as long as it knows what is not zero. */
  const int ruleset = (int)syscall(create_ruleset_call, &handled, sizeof handled, 0);
  if (ruleset < 0) return -1;
  const int result = restrict_to(ruleset, wanted);
  const int error = errno;
  close(ruleset);
  errno = error;
  if (result == 0) note(version, report);
  return result;
}
