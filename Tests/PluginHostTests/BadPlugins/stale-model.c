/* Keeps the model of one call and reads it in the next. */
#include "workbench.h"
static const wb_model *kept;
static wb_status score_stale(const wb_strategy *self, const wb_model *model, uint64_t layer,
                             float *scores, uint64_t count) {
  const wb_host *host = self->state;
  if (kept == NULL) kept = model;
  wb_reading weights = {
      .struct_size = sizeof weights, .signal = WB_SIGNAL_PARAMETERS, .layer = layer};
  host->read(host, kept, &weights);
  for (uint64_t i = 0; i < count; i++) scores[i] = 1;
  return WB_OK;
}
#define SCORE score_stale
#include "plugin.h"
