/* Logs without end. */
#include "acting.h"
static void act(const wb_host *host) {
  for (;;) host->log(host, WB_LOG_INFO, "and another thing");
}
