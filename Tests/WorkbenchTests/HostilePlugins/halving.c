/* Sends the head of a message, and nothing of what it promises. */
#include "acting.h"
static void act(const wb_host *host) {
  (void)host;
  const uint32_t answer[] = {19, 4096};
  if (write(3, answer, sizeof answer) != sizeof answer) abort();
  for (;;) pause();
}
