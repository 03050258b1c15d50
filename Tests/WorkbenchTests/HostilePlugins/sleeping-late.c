/* Never lets a process leave in order. */
#include "acting.h"
static void act(const wb_host *host) { (void)host; }
__attribute__((destructor)) static void late(void) {
  for (;;) pause();
}
