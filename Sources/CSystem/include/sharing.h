#ifndef SYSTEM_SHARING_H
#define SYSTEM_SHARING_H

#include <spawn.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/* A descriptor of new memory of so many bytes that processes can map; -1 with errno. */
int system_shared_memory(const char *name, int64_t bytes);

/* No one can change the size of the memory from now on and, where it is read-only, map it to write
   or write to it but those who have mapped it. -1 with errno. */
int system_seal(int descriptor, int is_read_only);

/* Closes all descriptors from the first on in a process that is spawned. */
int system_close_from(posix_spawn_file_actions_t *actions, int first);

/* Has a process that is spawned begin in a folder, and in a session of its own, without a terminal. 0, or
   the system's number for why not. */
int system_begin_apart(
    posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, const char *folder);

#pragma clang assume_nonnull end
#endif
