/* Answers with a status that there is not. */
#include "workbench.h"
static wb_status score_oddly(const wb_strategy *self, const wb_model *model, uint64_t layer,
                             float *scores, uint64_t count) {
  (void)self, (void)model, (void)layer;
  for (uint64_t i = 0; i < count; i++) scores[i] = 1;
  return 77;
}
#define SCORE score_oddly
#include "plugin.h"
