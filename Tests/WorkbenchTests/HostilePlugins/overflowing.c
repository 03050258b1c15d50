/* Needs more stack than there is. */
#include "acting.h"
static int deep(volatile int depth) {
  volatile char room[4096];
  room[0] = (char)depth;
  return deep(depth + 1) + room[0];
}
static void act(const wb_host *host) {
  (void)host;
  if (deep(0) == 1) abort();
}
