/* Stops its own process. */
#include "acting.h"
#include <signal.h>
static void act(const wb_host *host) {
  (void)host;
  kill(getpid(), SIGSTOP);
}
