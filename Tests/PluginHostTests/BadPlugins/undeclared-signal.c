/* Reads what it did not declare. */
#include "workbench.h"
static wb_status score_gradient(const wb_strategy *self, const wb_model *model, uint64_t layer,
                                float *scores, uint64_t count) {
  const wb_host *host = self->state;
  wb_floats gradient = {0, 0};
  host->read(host, model, layer, WB_SIGNAL_GRADIENT, &gradient);
  for (uint64_t i = 0; i < count; i++) scores[i] = 1;
  return WB_OK;
}
#define SCORE score_gradient
#include "plugin.h"
