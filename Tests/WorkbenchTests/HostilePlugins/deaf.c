/* Never comes back, and listens to no signal. */
#include "acting.h"
#include <signal.h>
static void act(const wb_host *host) {
  (void)host;
  sigset_t all;
  sigfillset(&all);
  for (int number = 1; number < 65; number++) signal(number, SIG_IGN);
  sigprocmask(SIG_BLOCK, &all, NULL);
  for (;;) pause();
}
