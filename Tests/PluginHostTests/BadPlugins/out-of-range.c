/* Masks a position that the layer does not have. */
#include "workbench.h"
static wb_status propose_it(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  (void)round;
  const wb_host *host = self->state;
  const wb_layer *layer = host->layer_at(host, model, 0);
  if (layer == NULL) return host->fail(host, "no layer");
  uint32_t position = 1000000;
  wb_edit edit = {.struct_size = sizeof edit,
                  .kind = WB_EDIT_MASK_OFF,
                  .target = layer->id,
                  .indices = &position, .index_count = 1};
  return host->emit(host, &edit);
}
#define PROPOSE propose_it
#include "plugin.h"
