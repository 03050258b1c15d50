#define _GNU_SOURCE

#include "system.h"

#include <stdio.h>
#include <sys/wait.h>

int system_reap(pid_t child, int *status) {
  siginfo_t ended = {0};
  if (waitid(P_PID, (id_t)child, &ended, WEXITED | WNOHANG | WNOWAIT) != 0) return -1;
  if (ended.si_pid == 0) return 0;
  kill(-child, SIGKILL);
  return waitpid(child, status, 0) == child ? 1 : -1;
}

void system_buffer_lines(void) { setvbuf(stdout, NULL, _IOLBF, 0); }
