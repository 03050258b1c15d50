/* Puts a pipe where a file is to be written and read. */
#include "acting.h"
static void act(const wb_host *host) {
  (void)host;
  if (chdir(cell_folder(0)) != 0 || mkfifo("metrics.jsonl", 0600) != 0) abort();
}
