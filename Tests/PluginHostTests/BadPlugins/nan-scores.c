/* Scores that are not numbers. */
#include "workbench.h"
static wb_status score_nan(const wb_strategy *self, const wb_model *model, uint64_t layer,
                           float *scores, uint64_t count) {
  (void)self, (void)model, (void)layer;
  for (uint64_t i = 0; i < count; i++) scores[i] = i == 3 ? 0.0f / 0.0f : 1;
  return WB_OK;
}
#define SCORE score_nan
#include "plugin.h"
