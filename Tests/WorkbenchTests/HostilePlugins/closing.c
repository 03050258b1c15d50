/* Closes every descriptor, and waits for what comes. */
#include "acting.h"
static void act(const wb_host *host) {
  (void)host;
  for (int i = 0; i < 1024; i++) close(i);
  for (;;) pause();
}
