/* Takes 20 GB that no allocator knows of. */
#define _GNU_SOURCE
#include "acting.h"
#include <sys/mman.h>
static void act(const wb_host *host) {
  (void)host;
  for (int i = 0; i < 160; i++) {
    void *memory = mmap(
        NULL, 1 << 27, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory != MAP_FAILED) memset(memory, 1, 1 << 27);
  }
}
