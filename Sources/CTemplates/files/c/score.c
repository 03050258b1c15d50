/* Example name: removes the weights that are closest to zero.

   To make it yours, change `score`: a higher score stays longer. If it needs more than the weights,
   declare the signals in `descriptor`. workbench.h says what there is. */
#include "workbench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A strategy in use: what the host calls, and what it keeps from one call to the next. */
struct entrant {
  wb_strategy table;
  const wb_host *host;
};

/* One score for each position of the layer that may be pruned. */
static wb_status score(const wb_strategy *self, const wb_model *model, uint64_t layer,
                       float *scores, uint64_t count) {
  const struct entrant *me = self->state;
  wb_reading weights = {
      .struct_size = sizeof weights, .signal = WB_SIGNAL_PARAMETERS, .layer = layer};
  wb_status status = me->host->read(me->host, model, &weights);
  if (status != WB_OK) return status;
  if (weights.count < count) return me->host->fail(me->host, "fewer parameters than scores");
  for (uint64_t i = 0; i < count; i++) scores[i] = fabsf(weights.values[i]);
  return WB_OK;
}

static const wb_strategy hooks = {.struct_size = sizeof hooks, .score = score};

static const wb_descriptor descriptor = {
    .struct_size = sizeof descriptor, .id = "example-id", .name = "Example name",
    .summary = "Removes the weights closest to zero.", .citation = "unpublished", .version = "1.0",
    .signals = WB_SIGNAL_BIT(WB_SIGNAL_PARAMETERS), .granularity = WB_WEIGHTS};
