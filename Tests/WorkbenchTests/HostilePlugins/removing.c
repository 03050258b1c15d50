/* Removes the finished cells of the comparison, each of which is named by a digest. */
#include "acting.h"
static void act(const wb_host *host) {
  (void)host;
  run_in_results("ls | grep -E '^[0-9a-f]{64}$' | xargs rm -r");
}
