/* A strategy that does something before it scores as it should; a source says what. */
#include "workbench.h"

#include <math.h>

static void before(const wb_host *host, const wb_model *model, uint64_t layer,
                   const wb_reading *weights, float *scores, uint64_t count);

static wb_status score_after_that(const wb_strategy *self, const wb_model *model, uint64_t layer,
                                  float *scores, uint64_t count) {
  const wb_host *host = self->state;
  wb_reading weights = {
      .struct_size = sizeof weights, .signal = WB_SIGNAL_PARAMETERS, .layer = layer};
#ifndef HEEDLESS
  if (host->read(host, model, &weights) != WB_OK)
    return host->fail(host, "cannot read the parameters");
#else
  host->read(host, model, &weights);
#endif
  before(host, model, layer, &weights, scores, count);
  for (uint64_t i = 0; i < count; i++) scores[i] = fabsf(weights.values[i]);
  return WB_OK;
}

/* The layer with an id. */
static const wb_layer *layer_of(const wb_host *host, const wb_model *model, uint64_t id) {
  const wb_layer *layer;
  for (uint32_t i = 0; (layer = host->layer_at(host, model, i)) != NULL; i++)
    if (layer->id == id) return layer;
  return NULL;
}
#define SCORE score_after_that
#include "plugin.h"
