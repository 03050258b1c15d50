/* Writes to every descriptor. */
#include "acting.h"
static void act(const wb_host *host) {
  (void)host;
  for (int i = 0; i < 1024; i++) {
    if (write(i, "One has to say something.", 25) < 0) continue;
  }
}
