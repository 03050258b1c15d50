/* Reads a layer that is not there. */
#include "workbench.h"
static wb_status score_elsewhere(const wb_strategy *self, const wb_model *model, uint64_t layer,
                                 float *scores, uint64_t count) {
  const wb_host *host = self->state;
  wb_reading weights = {
      .struct_size = sizeof weights, .signal = WB_SIGNAL_PARAMETERS, .layer = layer + 1000};
  host->read(host, model, &weights);
  for (uint64_t i = 0; i < count; i++) scores[i] = 1;
  return WB_OK;
}
#define SCORE score_elsewhere
#include "plugin.h"
