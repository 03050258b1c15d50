/* Puts a pipe where a file is to be written and read. */
#include "acting.h"
static void act(const wb_host *host) {
  char path[8300];
  (void)host;
  cell_folder(path, sizeof path - 20);
  strcat(path, "/metrics.jsonl");
  mkfifo(path, 0600);
}
