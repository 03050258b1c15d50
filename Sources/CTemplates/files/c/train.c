/* Example name: pulls all weights towards zero in training, and removes the smallest.

   After each step w becomes sign(w) max(0, |w| - learning rate * strength), the proximal step of an
   L1 penalty. To make it yours, change `end_step`; before a step there is begin_step, which sets
   gates of residual blocks. workbench.h says what there is. */
#include "workbench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A strategy in use: what the host calls, and what it keeps from one call to the next. */
struct entrant {
  wb_strategy table;
  const wb_host *host;
};

static const double strength = 1e-4;

/* After the optimiser: `parameters` are those of the whole network, and are there to be changed. */
static wb_status end_step(const wb_strategy *self, const wb_model *model, const wb_step *step,
                          float *parameters, uint64_t count) {
  const struct entrant *me = self->state;
  const float shrink = (float)(strength * step->learning_rate);
  const wb_layer *layer;
  for (uint32_t i = 0; (layer = me->host->layer_at(me->host, model, i)) != NULL; i++) {
    if (layer->parameter_offset + layer->prunable_count > count)
      return me->host->fail(me->host, "a layer lies outside of the parameters");
    float *values = parameters + layer->parameter_offset;
    for (uint64_t p = 0; p < layer->prunable_count; p++) {
      values[p] = copysignf(fmaxf(0, fabsf(values[p]) - shrink), values[p]);
    }
  }
  return WB_OK;
}

/* One score for each position of the layer that may be pruned; a higher one stays longer. */
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

static const wb_strategy hooks = {
    .struct_size = sizeof hooks, .score = score, .end_step = end_step};

static const wb_descriptor descriptor = {
    .struct_size = sizeof descriptor, .id = "example-id", .name = "Example name",
    .summary = "Pulls weights towards zero in training, and removes the smallest.",
    .citation = "unpublished", .version = "1.0",
    .signals = WB_SIGNAL_BIT(WB_SIGNAL_PARAMETERS), .granularity = WB_WEIGHTS};
