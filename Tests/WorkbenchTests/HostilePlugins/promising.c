/* Announces a message of 64 MiB. */
#include "acting.h"
static void act(const wb_host *host) {
  (void)host;
  const uint32_t answer[] = {19, 64 << 20};
  if (write(3, answer, sizeof answer) != sizeof answer) abort();
}
