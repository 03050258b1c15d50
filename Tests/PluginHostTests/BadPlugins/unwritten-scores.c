/* Leaves its last score out. */
#include "workbench.h"
static wb_status score_most(const wb_strategy *self, const wb_model *model, uint64_t layer,
                            float *scores, uint64_t count) {
  (void)self, (void)model, (void)layer;
  for (uint64_t i = 0; i + 1 < count; i++) scores[i] = 1;
  return WB_OK;
}
#define SCORE score_most
#include "plugin.h"
