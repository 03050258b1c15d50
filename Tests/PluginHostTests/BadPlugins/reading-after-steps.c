/* Adds to the first layer's parameters, after each step, what it reads of them and their mask. */
#include "workbench.h"
static wb_status add(const wb_strategy *self, const wb_model *model, const wb_step *step,
                     float *parameters, uint64_t count) {
  (void)step, (void)count;
  const wb_host *host = self->state;
  const wb_layer *layer = host->layer_at(host, model, 0);
  wb_reading values = {
      .struct_size = sizeof values, .signal = WB_SIGNAL_PARAMETERS, .layer = layer->id};
  wb_reading mask = {.struct_size = sizeof mask, .signal = WB_SIGNAL_MASK, .layer = layer->id};
  if (host->read(host, model, &values) != WB_OK || host->read(host, model, &mask) != WB_OK)
    return host->fail(host, "cannot read");
  for (uint64_t i = 0; i < values.count; i++) {
    parameters[layer->parameter_offset + i] += values.values[i] + mask.values[i];
  }
  return WB_OK;
}
#define SIGNALS WB_SIGNAL_BIT(WB_SIGNAL_PARAMETERS) | WB_SIGNAL_BIT(WB_SIGNAL_MASK)
#define END_STEP add
#include "plugin.h"
