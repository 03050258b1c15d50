/* Reads what it did not declare. */
#include "workbench.h"
static wb_status score_gradient(const wb_strategy *self, const wb_model *model, uint64_t layer,
                                float *scores, uint64_t count) {
  const wb_host *host = self->state;
  wb_reading gradient = {
      .struct_size = sizeof gradient, .signal = WB_SIGNAL_GRADIENT, .layer = layer};
  host->read(host, model, &gradient);
  for (uint64_t i = 0; i < count; i++) scores[i] = 1;
  return WB_OK;
}
#define SCORE score_gradient
#include "plugin.h"
