/* Maps memory that stays when it lets go of it, and is then in nobody's account. */
#define _GNU_SOURCE
#include "acting.h"
#include <sys/mman.h>
static void act(const wb_host *host) {
  void *memory =
      mmap(NULL, 1 << 27, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  tell(host, "map shared memory", memory != MAP_FAILED);
}
