/* Removes every unit of the first layer. */
#include "workbench.h"
static wb_status propose_it(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  (void)round;
  const wb_host *host = self->state;
  const wb_layer *layer = host->layer_at(host, model, 0);
  if (layer == NULL) return host->fail(host, "no layer");
  uint32_t units[4096];
  for (uint32_t i = 0; i < layer->unit_count; i++) units[i] = i;
  wb_edit edit = {.struct_size = sizeof edit,
                  .kind = WB_EDIT_REMOVE_UNITS,
                  .target = layer->id,
                  .indices = units, .index_count = layer->unit_count};
  return host->emit(host, &edit);
}
#define PROPOSE propose_it
#define EDITS WB_EDIT_BIT(WB_EDIT_REMOVE_UNITS)
#include "plugin.h"
