/* Normalises the weights in place. */
#include "scoring-around.h"
static void before(const wb_host *host, const wb_model *model, uint64_t layer,
                   const wb_reading *weights, float *scores, uint64_t count) {
  (void)host, (void)model, (void)layer, (void)weights, (void)scores, (void)count;
  for (uint64_t i = 0; i < weights->count; i++) ((float *)weights->values)[i] /= 2;
}
