/* Fails and does not say why. */
#include "workbench.h"
static wb_status score_nothing(const wb_strategy *self, const wb_model *model, uint64_t layer,
                               float *scores, uint64_t count) {
  (void)self, (void)model, (void)layer, (void)scores, (void)count;
  return WB_FAILED;
}
#define SCORE score_nothing
#include "plugin.h"
