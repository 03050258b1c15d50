/* Fills the memory that it shares with the judge, and lets go of each part: no process holds it then. */
#define _GNU_SOURCE
#include "acting.h"
#include <sys/mman.h>
static void act(const wb_host *host) {
  (void)host;
  for (long i = 0; i < 160; i++) {
    void *memory = mmap(NULL, 1 << 27, PROT_READ | PROT_WRITE, MAP_SHARED, 5, i << 27);
    if (memory == MAP_FAILED) return;
    memset(memory, 1, 1 << 27);
    munmap(memory, 1 << 27);
  }
}
