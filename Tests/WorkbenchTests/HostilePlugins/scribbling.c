/* Writes to what it may only read. */
#include "workbench.h"

static wb_status scribbling_score(const wb_strategy *self, const wb_model *model, uint64_t layer,
                                  float *scores, uint64_t count) {
  const wb_host *host = self->state;
  wb_reading weights = {
      .struct_size = sizeof weights, .signal = WB_SIGNAL_PARAMETERS, .layer = layer};
  wb_status status = host->read(host, model, &weights);
  if (status != WB_OK) return status;
  for (uint64_t i = 0; i < count; i++) scores[i] = ((float *)weights.values)[i] = 1;
  return WB_OK;
}

#ifndef ID
#define ID "hostile"
#endif
#define SCORE scribbling_score
#include "plugin.h"
