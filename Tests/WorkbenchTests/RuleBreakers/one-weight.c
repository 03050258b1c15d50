/* Takes one weight, whatever it is asked for. */
#include "workbench.h"
static wb_status propose_one(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  const wb_host *host = self->state;
  const uint32_t position = round->index;
  const wb_edit edit = {.struct_size = sizeof edit,
                        .kind = WB_EDIT_MASK_OFF,
                        .target = host->layer_at(host, model, 0)->id,
                        .indices = &position,
                        .index_count = 1};
  return host->emit(host, &edit);
}
#define PROPOSE propose_one
#include "plugin.h"
