/* Looks for the labels of the test samples, as bytes of LABELS, in all the memory of its process. */
#define _GNU_SOURCE
#include "acting.h"
#include "labels.h"

static void act(const wb_host *host) {
  /* Not as they stand in this library, which would be found. */
  static unsigned char labels[sizeof hidden_labels];
  FILE *maps = fopen("/proc/self/maps", "r");
  char line[512];
  int found = 0;
  while (maps != NULL && fgets(line, sizeof line, maps)) {
    unsigned long first, end;
    char rights[5];
    if (sscanf(line, "%lx-%lx %4s", &first, &end, rights) != 3 || rights[0] != 'r') continue;
    if (strstr(line, "[v") || strstr(line, "looking") || end - first > (1ul << 30)) continue;
    for (size_t i = 0; i < sizeof labels; i++) labels[i] = hidden_labels[i] ^ 0x5A;
    found |= memmem((const char *)first, end - first, labels, sizeof labels) != NULL;
    memset(labels, 0, sizeof labels);
  }
  host->log(host, WB_LOG_INFO, found ? "found them" : "did not find them");
}
