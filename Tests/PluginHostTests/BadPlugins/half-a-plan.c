/* Proposes a good edit and then a bad one. */
#include "workbench.h"
static wb_status propose_it(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  (void)round;
  const wb_host *host = self->state;
  const wb_layer *layer = host->layer_at(host, model, 0);
  if (layer == NULL) return host->fail(host, "no layer");
  for (uint32_t position = 0; position < 1000; position += 999) {
    wb_edit edit = {.struct_size = sizeof edit,
                    .kind = WB_EDIT_MASK_OFF,
                    .target = layer->id,
                    .indices = &position, .index_count = 1};
    host->emit(host, &edit);
  }
  return WB_OK;
}
#define PROPOSE propose_it
#include "plugin.h"
