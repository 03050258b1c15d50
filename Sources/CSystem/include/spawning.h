/* What a process that is spawned begins with, beyond what the system's functions say in one call each. */
#ifndef SYSTEM_SPAWNING_H
#define SYSTEM_SPAWNING_H

#include <spawn.h>

#pragma clang assume_nonnull begin

/* Attributes of a process that begins with no signal blocked and none ignored, to be destroyed after use. More
   flags may be given, such as POSIX_SPAWN_SETPGROUP. */
void system_begin_plainly(posix_spawnattr_t *attributes, int more_flags);

/* Closes all descriptors from the first on in a process that is spawned. */
int system_close_from(posix_spawn_file_actions_t *actions, int first);

/* Has a process that is spawned begin in a folder, and in a session of its own, without a terminal. 0, or
   the system's number for why not. */
int system_begin_apart(
    posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, const char *folder);

#pragma clang assume_nonnull end
#endif
