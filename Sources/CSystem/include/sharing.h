#ifndef SYSTEM_SHARING_H
#define SYSTEM_SHARING_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/* A descriptor of new memory of so many bytes that processes can map; -1 with errno. */
int system_shared_memory(const char *name, int64_t bytes);

/* No one can change the size of the memory from now on and, where it is read-only, map it to write
   or write to it but those who have mapped it. -1 with errno. */
int system_seal(int descriptor, int is_read_only);

#pragma clang assume_nonnull end
#endif
