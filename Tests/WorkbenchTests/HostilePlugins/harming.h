/* What a file defines as harm() is done while the strategy scores, or at another PLACE. */
#define DESTROY harming_destroy
#include "workbench.h"
static void harming_destroy(const wb_strategy *self);
#include "acting.h"

static void harm(void);

#define WHILE_SCORING 0
#define WHILE_LOADED 1
#define WHILE_LOADED_FOR_A_CELL 2
#define WHILE_LEAVING 3
#define WHILE_LET_GO 4

#ifndef PLACE
#define PLACE WHILE_SCORING
#endif

static void act(const wb_host *host) {
  (void)host;
  if (PLACE == WHILE_SCORING) harm();
}

/* Only a cell's process is the child of a worker. */
static int is_of_a_cell(void) {
  char path[64], words[4096] = {0};
  snprintf(path, sizeof path, "/proc/%d/cmdline", (int)getppid());
  int file = open(path, O_RDONLY);
  ssize_t count = read(file, words, sizeof words - 1);
  close(file);
  return count > 0 && strcmp(words + strlen(words) + 1, "worker") == 0;
}

__attribute__((constructor)) static void early(void) {
  if (PLACE == WHILE_LOADED || (PLACE == WHILE_LOADED_FOR_A_CELL && is_of_a_cell())) harm();
}

__attribute__((destructor)) static void late(void) {
  if (PLACE == WHILE_LEAVING) harm();
}

static void harming_destroy(const wb_strategy *self) {
  if (PLACE == WHILE_LET_GO) harm();
  free((void *)self);
}
