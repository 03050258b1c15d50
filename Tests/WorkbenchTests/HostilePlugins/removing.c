/* Removes the finished cells of the comparison, each of which is named by its digest. */
#include "acting.h"
static void act(const wb_host *host) {
  char path[8300], command[9000];
  (void)host;
  cell_folder(path, sizeof path - 20);
  *strrchr(path, '/') = 0;
  *strrchr(path, '/') = 0;
  snprintf(command, sizeof command, "cd '%s' && ls | grep -E '^[0-9a-f]{64}$' | xargs rm -r", path);
  if (system(command) != 0) abort();
}
