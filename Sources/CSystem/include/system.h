/* Calls of the system that Swift cannot make itself: their C declarations are variadic, or in a header
   that its module of the C library leaves out. */
#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

/* Has the kernel end this process as soon as the thread that started it is gone. Returns 0, or -1
   where the kernel refuses. */
static inline int system_die_with_parent(void) {
  return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/* Gives freed memory back to the system, where the C library can: what is allocated next then shows as
   memory held. */
static inline void system_trim_memory(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

#endif
