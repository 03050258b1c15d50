/* A plugin that does everything right, but for what ACT does at its first score. */
#include "workbench.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder of the cell, whose job is the worker's last argument, or one so many levels above it. The worker
   is this process, or the parent of the strategy's own. */
static inline const char *cell_folder(int levels) {
  static char words[8192], parent[64];
  int file = open("/proc/self/cmdline", O_RDONLY);
  ssize_t count = read(file, words, sizeof words - 1);
  close(file);
  if (strcmp(words + strlen(words) + 1, "strategy") == 0) {
    snprintf(parent, sizeof parent, "/proc/%d/cmdline", (int)getppid());
    file = open(parent, O_RDONLY);
    count = read(file, words, sizeof words - 1);
    close(file);
  }
  char *last = words;
  for (ssize_t i = 0; i < count; i += (ssize_t)strlen(words + i) + 1) last = words + i;
  for (int i = 0; i <= levels; i++) {
    char *end = strrchr(last, '/');
    if (end != NULL) *end = 0;
  }
  return last;
}

/* Logs whether what is none of a strategy's business could be done. */
static inline void tell(const wb_host *host, const char *what, int done) {
  char line[200];
  snprintf(line, sizeof line, "%s: %s", what, done ? "done" : "refused");
  host->log(host, WB_LOG_INFO, line);
}

/* Has the shell run a command in the folder of all results. */
static inline void run_in_results(const char *command) {
  if (chdir(cell_folder(2)) != 0 || system(command) != 0) abort();
}

static void act(const wb_host *host);

static wb_status acting_score(const wb_strategy *self, const wb_model *model, uint64_t layer,
                              float *scores, uint64_t count) {
  const wb_host *host = (const wb_host *)self->state;
  static int acted;
  if (!acted++) act(host);
  wb_reading weights = {
      .struct_size = sizeof weights, .signal = WB_SIGNAL_PARAMETERS, .layer = layer};
  wb_status status = host->read(host, model, &weights);
  if (status != WB_OK) return status;
  for (uint64_t i = 0; i < count; i++) scores[i] = fabsf(weights.values[i]);
  return WB_OK;
}

#ifndef ID
#define ID "hostile"
#endif
#define SCORE acting_score
#include "plugin.h"
