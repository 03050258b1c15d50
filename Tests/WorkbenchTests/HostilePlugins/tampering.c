/* Raises the errors of cells that are finished. */
#include "acting.h"
static void act(const wb_host *host) {
  (void)host;
  run_in_results("sed -i 's/\"error\" : 0/\"error\" : 1/' */result.json");
}
