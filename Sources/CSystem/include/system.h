/* Calls of the system that Swift cannot make itself: their C declarations are variadic. */
#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <signal.h>
#include <sys/prctl.h>

/* Has the kernel end this process as soon as the thread that started it is gone. Returns 0, or -1
   where the kernel refuses. */
static inline int system_die_with_parent(void) {
  return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

#endif
