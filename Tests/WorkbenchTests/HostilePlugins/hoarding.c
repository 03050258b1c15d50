/* Takes 20 GB. */
#include "acting.h"
static void *volatile hoard[160];
static void act(const wb_host *host) {
  (void)host;
  for (int i = 0; i < 160; i++) {
    hoard[i] = malloc(1 << 27);
    if (hoard[i] != NULL) memset(hoard[i], 1, 1 << 27);
  }
}
