#define _GNU_SOURCE

#include "confine.h"

#include "confine_parts.h"
#include "sanitizing.h"

#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { open_files = 256 };

/* Sets errno to EBUSY where there is more than one. */
static int require_one_thread(void) {
  DIR *tasks = opendir("/proc/self/task");
  if (!tasks) return -1;
  int count = 0;
  for (const struct dirent *entry; (entry = readdir(tasks));) count += entry->d_name[0] != '.';
  closedir(tasks);
  if (count == 1) return 0;
  errno = EBUSY;
  return -1;
}

/* Limits that are lower already stay. */
static int lower(int resource, rlim_t soft, rlim_t hard) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) != 0) return -1;
  if (hard < limit.rlim_max) limit.rlim_max = hard;
  if (soft < limit.rlim_cur) limit.rlim_cur = soft;
  if (limit.rlim_cur > limit.rlim_max) limit.rlim_cur = limit.rlim_max;
  return setrlimit(resource, &limit);
}

/* A process inherits which signals are blocked and ignored, and threads of some runtimes, which may
   have started this one, block all. */
static int restore_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGXCPU);
  sigaddset(&set, SIGXFSZ);
  if (signal(SIGXCPU, SIG_DFL) == SIG_ERR || signal(SIGXFSZ, SIG_DFL) == SIG_ERR) return -1;
  return sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static int confine_limits(
    const struct system_confinement *wanted, struct system_confinement_report *report) {
  if (restore_signals() != 0) return -1;
  const rlim_t seconds = wanted->processor_seconds;
  if (seconds && lower(RLIMIT_CPU, seconds, seconds + 1) != 0) return -1;
  const rlim_t threads = wanted->user_threads;
  if (threads && lower(RLIMIT_NPROC, threads, threads) != 0) return -1;
  if (lower(RLIMIT_FSIZE, wanted->file_bytes, wanted->file_bytes) != 0) return -1;
  if (lower(RLIMIT_CORE, 0, 0) != 0) return -1;
  if (lower(RLIMIT_MSGQUEUE, 0, 0) != 0) return -1;
  if (lower(RLIMIT_NOFILE, open_files, open_files) != 0) return -1;
  report->applied |= SYSTEM_CONFINED_LIMITS;
  return 0;
}

static int confine_memory(
    const struct system_confinement *wanted, struct system_confinement_report *report) {
  const rlim_t bytes = wanted->memory_bytes;
  if (!bytes) return 0;
  /* Such a build reserves more address space than any limit would leave. */
  if (IS_SANITIZED) {
    report->missing |= SYSTEM_CONFINED_MEMORY;
    return 0;
  }
  if (lower(RLIMIT_AS, bytes, bytes) != 0) return -1;
  report->applied |= SYSTEM_CONFINED_MEMORY;
  return 0;
}

static int confine_privileges(struct system_confinement_report *report) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
    report->applied |= SYSTEM_CONFINED_PRIVILEGES;
    return 0;
  }
  if (errno != EINVAL) return -1;
  report->missing |= SYSTEM_CONFINED_PRIVILEGES;
  return 0;
}

/* The bounding set is what a program can gain by being started, and only who has CAP_SETPCAP can lower
   it. To all others it is of no use, since no privileges can be gained any more. */
static int drop_bounding_set(int may_drop) {
  for (unsigned long capability = 0;; capability++) {
    const int is_there = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
    if (is_there < 0) return errno == EINVAL ? 0 : -1;
    if (is_there && may_drop && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return -1;
  }
}

static int confine_capabilities(struct system_confinement_report *report) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
  if (syscall(SYS_capget, &header, sets) != 0) return -1;
  const int may_drop = sets[0].effective >> CAP_SETPCAP & 1;
  if (drop_bounding_set(may_drop) != 0) return -1;
  /* EINVAL: a kernel from before there was an ambient set. */
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL) return -1;
  memset(sets, 0, sizeof sets);
  if (syscall(SYS_capset, &header, sets) != 0) return -1;
  report->applied |= SYSTEM_CONFINED_CAPABILITIES;
  return 0;
}

static int fail(uint32_t part, struct system_confinement_report *report) {
  report->failed = part;
  return -1;
}

int system_confine(
    const struct system_confinement *wanted, struct system_confinement_report *report) {
  memset(report, 0, sizeof *report);
  if (require_one_thread() != 0) return -1;
  if (confine_limits(wanted, report) != 0) return fail(SYSTEM_CONFINED_LIMITS, report);
  if (confine_memory(wanted, report) != 0) return fail(SYSTEM_CONFINED_MEMORY, report);
  if (confine_privileges(report) != 0) return fail(SYSTEM_CONFINED_PRIVILEGES, report);
  if (confine_capabilities(report) != 0) return fail(SYSTEM_CONFINED_CAPABILITIES, report);
  if (system_confine_files(wanted, report) != 0) return fail(SYSTEM_CONFINED_FILES, report);
  /* Last, since it refuses some of what the others do. */
  if (system_confine_calls(report) != 0) return fail(SYSTEM_CONFINED_CALLS, report);
  return 0;
}
