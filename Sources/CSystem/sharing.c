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
