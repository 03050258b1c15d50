/* Writes beside what it was lent. */
#include "workbench.h"
static wb_status beside_score(const wb_strategy *self, const wb_model *model, uint64_t layer,
                              float *scores, uint64_t count) {
  (void)self, (void)model, (void)layer;
  for (uint64_t i = 0; i <= count; i++) scores[i] = 1;
  return WB_OK;
}
#define SCORE beside_score
#include "plugin.h"
