/* Where this process has mapped the memory that it may write to and the judge reads; null where it is not
   found. New mappings of it are refused. */
#include <stdio.h>
#include <string.h>

static char *shared_with_the_judge(void) {
  char line[512];
  unsigned long start = 0, address;
  FILE *maps = fopen("/proc/self/maps", "r");
  while (maps != NULL && fgets(line, sizeof line, maps) != NULL)
    if (strstr(line, "memfd:taken") != NULL && sscanf(line, "%lx", &address) == 1) start = address;
  if (maps != NULL) fclose(maps);
  return (char *)start;
}
