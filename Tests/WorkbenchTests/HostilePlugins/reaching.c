/* Reaches for what is none of its business: DATA, HOME, RESULTS and a file KEPT there, by name. */
#include "acting.h"
#include "surroundings.h"

#include <dirent.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

static int starts_a_process(void) {
  pid_t child = fork();
  if (child == 0) _exit(0);
  return child > 0 && waitpid(child, NULL, 0) == child;
}

static void act(const wb_host *host) {
  tell(host, "read the data", open(DATA, O_RDONLY) >= 0);
  tell(host, "list the home folder", opendir(HOME) != NULL);
  tell(host, "read a result", open(KEPT, O_RDONLY) >= 0);
  tell(host, "list the results", opendir(RESULTS) != NULL);
  tell(host, "write a result", open(RESULTS "/forged", O_CREAT | O_WRONLY, 0600) >= 0);
  tell(host, "change a result", truncate(KEPT, 1) == 0);
  tell(host, "remove a result", unlink(KEPT) == 0);
  tell(host, "start a process", starts_a_process());
  tell(host, "open a socket", socket(AF_INET, SOCK_STREAM, 0) >= 0);
  tell(host, "signal its parent", kill(getppid(), 0) == 0);
}
