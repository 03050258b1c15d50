/* Looks at the weights of the call before. */
#include "scoring-around.h"
static void before(const wb_host *host, const wb_model *model, uint64_t layer,
                   const wb_reading *weights, float *scores, uint64_t count) {
  (void)host, (void)model, (void)layer, (void)weights, (void)scores, (void)count;
  static const float *last;
  if (last != NULL && isnan(*last)) __builtin_trap();
  last = weights->values;
}
