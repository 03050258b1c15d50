/* Fills the memory that it shares with the judge, and lets go of each part: no process holds it then. */
#define _GNU_SOURCE
#include "acting.h"
#include "sharing.h"
#include <sys/mman.h>
static void act(const wb_host *host) {
  (void)host;
  char *memory = shared_with_the_judge();
  if (memory == NULL) abort();
  /* The first part is what answers go through. */
  for (long i = 1; i < 160; i++) {
    memset(memory + (i << 27), 1, 1 << 27);
    munmap(memory + (i << 27), 1 << 27);
  }
}
