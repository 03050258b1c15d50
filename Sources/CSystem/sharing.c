#define _GNU_SOURCE

#include "sharing.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

int system_shared_memory(const char *name, int64_t bytes) {
  int descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0) return -1;
  if (ftruncate(descriptor, bytes) == 0) return descriptor;
  int error = errno;
  close(descriptor);
  errno = error;
  return -1;
}

int system_seal(int descriptor, int is_read_only) {
  int seals = F_SEAL_SHRINK | F_SEAL_GROW | (is_read_only ? F_SEAL_FUTURE_WRITE : 0);
  return fcntl(descriptor, F_ADD_SEALS, seals | F_SEAL_SEAL);
}

int system_close_from(posix_spawn_file_actions_t *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int system_begin_apart(
    posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, const char *folder) {
  short flags = 0;
  int code = posix_spawnattr_getflags(attributes, &flags);
  if (code == 0) code = posix_spawnattr_setflags(attributes, (short)(flags | POSIX_SPAWN_SETSID));
  return code != 0 ? code : posix_spawn_file_actions_addchdir_np(actions, folder);
}
