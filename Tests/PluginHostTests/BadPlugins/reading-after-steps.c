/* Adds to the first layer's parameters, after each step, what it reads of them and their mask. */
#include "workbench.h"
static wb_status add(const wb_strategy *self, const wb_model *model, const wb_step *step,
                     float *parameters, uint64_t count) {
  (void)step, (void)count;
  const wb_host *host = self->state;
  const wb_layer *layer = host->layer_at(host, model, 0);
  wb_floats values, mask;
  if (host->read(host, model, layer->id, WB_SIGNAL_PARAMETERS, &values) != WB_OK ||
      host->read(host, model, layer->id, WB_SIGNAL_MASK, &mask) != WB_OK) {
    return host->fail(host, "cannot read");
  }
  for (uint64_t i = 0; i < values.count; i++) {
    parameters[layer->parameter_offset + i] += values.data[i] + mask.data[i];
  }
  return WB_OK;
}
#define SIGNALS WB_SIGNAL_BIT(WB_SIGNAL_PARAMETERS) | WB_SIGNAL_BIT(WB_SIGNAL_MASK)
#define END_STEP add
#include "plugin.h"
