/* Is at work for a while, and then needs a part of its file that has not been read. */
#include "acting.h"
__attribute__((aligned(65536), noinline)) static void go_on(void) {
  __asm__ volatile(".skip 131072, 0x90");
}
static void act(const wb_host *host) {
  (void)host;
  sleep(2);
  go_on();
}
