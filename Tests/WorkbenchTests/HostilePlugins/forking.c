/* Starts processes that would outlive it. */
#define _GNU_SOURCE
#include "acting.h"
#include <sched.h>
#include <spawn.h>
static int stay(void *nothing) {
  (void)nothing;
  for (;;) pause();
}
static void act(const wb_host *host) {
  pid_t child = fork();
  if (child == 0) stay(NULL);
  tell(host, "fork", child > 0);
  static char stack[65536];
  tell(host, "clone", clone(stay, stack + sizeof stack, CLONE_PARENT, NULL) > 0);
  char *words[] = {(char *)"sleep", (char *)"1000", NULL};
  tell(host, "spawn", posix_spawn(&child, "/bin/sleep", NULL, NULL, words, NULL) == 0);
  tell(host, "exec", execv("/bin/sleep", words) == 0);
  tell(host, "leave the session", setsid() > 0);
  tell(host, "leave the group", setpgid(0, 0) == 0);
}
