/* Uses up the worker's descriptors. */
#include "acting.h"
static void act(const wb_host *host) {
  (void)host;
  while (open("/dev/null", O_RDONLY) >= 0) {}
}
