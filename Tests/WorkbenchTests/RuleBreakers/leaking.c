/* Keeps a copy of a thousand weights at each call. */
#include "scoring-around.h"
static void before(const wb_host *host, const wb_model *model, uint64_t layer,
                   const wb_reading *weights, float *scores, uint64_t count) {
  (void)host, (void)model, (void)layer, (void)weights, (void)scores, (void)count;
  static char *volatile copy;
  copy = malloc(4000);
  memset(copy, 1, 4000);
}
