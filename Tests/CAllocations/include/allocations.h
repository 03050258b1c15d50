/* Counts what the calling thread allocates, for tests of work that should allocate nothing. */
#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H
#include <stdint.h>

/* Whether allocations are counted: not under the address sanitizer, which counts for itself, nor with
   another C library than glibc. */
int allocations_are_counted(void);
/* Those of the calling thread so far. */
int64_t allocation_count(void);

#endif
