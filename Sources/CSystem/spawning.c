#define _GNU_SOURCE

#include "spawning.h"

#include <signal.h>

void system_begin_plainly(posix_spawnattr_t *attributes, int more_flags) {
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_init(attributes);
  posix_spawnattr_setsigmask(attributes, &none);
  posix_spawnattr_setsigdefault(attributes, &all);
  posix_spawnattr_setflags(
      attributes, (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | more_flags));
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
