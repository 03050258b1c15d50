/* Scores with what is no number. */
#include "workbench.h"
#include <math.h>
static wb_status undefined_score(const wb_strategy *self, const wb_model *model, uint64_t layer,
                                 float *scores, uint64_t count) {
  (void)self, (void)model, (void)layer;
  for (uint64_t i = 0; i < count; i++) scores[i] = NAN;
  return WB_OK;
}
#define SCORE undefined_score
#include "plugin.h"
