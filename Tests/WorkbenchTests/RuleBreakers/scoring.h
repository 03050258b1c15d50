/* A strategy whose scores are the weights' sizes, but for what a source makes of them. */
#include "workbench.h"

#include <math.h>
#include <string.h>

static float worth(const wb_strategy *self, float weight);

static wb_status score_worth(const wb_strategy *self, const wb_model *model, uint64_t layer,
                             float *scores, uint64_t count) {
  const wb_host *host = self->state;
  wb_reading weights = {
      .struct_size = sizeof weights, .signal = WB_SIGNAL_PARAMETERS, .layer = layer};
  if (host->read(host, model, &weights) != WB_OK)
    return host->fail(host, "cannot read the parameters");
  for (uint64_t i = 0; i < count; i++) scores[i] = worth(self, weights.values[i]);
  return WB_OK;
}
#define SCORE score_worth
#include "plugin.h"
