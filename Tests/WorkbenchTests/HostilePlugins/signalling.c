/* Stops and kills its parent, its group, everybody, and itself as somebody else would. */
#include "acting.h"
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
static void act(const wb_host *host) {
  tell(host, "stop its parent", kill(getppid(), SIGSTOP) == 0);
  tell(host, "kill its parent", kill(getppid(), SIGKILL) == 0);
  tell(host, "stop its group", kill(0, SIGSTOP) == 0);
  tell(host, "kill its group", kill(-getpgrp(), SIGKILL) == 0);
  tell(host, "kill everybody", kill(-1, SIGKILL) == 0);
  tell(host, "kill itself", kill(getpid(), SIGKILL) == 0);
  tell(host, "terminate itself", raise(SIGTERM) == 0);
  struct rlimit limit = {0, 0};
  tell(host, "limit its time", setrlimit(RLIMIT_CPU, &limit) == 0);
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
  timer_t timer;
  tell(host, "have a timer kill it", timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
}
