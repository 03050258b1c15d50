/* Raises the errors of cells that are finished. */
#include "acting.h"
static void act(const wb_host *host) {
  char path[8300], command[9000];
  (void)host;
  cell_folder(path, sizeof path - 20);
  *strrchr(path, '/') = 0;
  *strrchr(path, '/') = 0;
  snprintf(command, sizeof command, "sed -i 's/\"error\" : 0/\"error\" : 1/' '%s'/*/result.json", path);
  if (system(command) != 0) abort();
}
