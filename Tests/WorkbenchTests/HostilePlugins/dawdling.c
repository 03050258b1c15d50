/* Never comes back. */
#include "acting.h"
static void act(const wb_host *host) {
  (void)host;
  for (;;) pause();
}
