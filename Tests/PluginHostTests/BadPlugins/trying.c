/* Tries a plan, looks at the loss that it would leave, takes it back and tries another. */
#include "workbench.h"
static wb_status propose_it(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  const wb_host *host = self->state;
  const wb_planned *planned = host->query(host, WB_PLANNED_1);
  const wb_layer *layer = host->layer_at(host, model, 0);
  if (planned == NULL || !WB_HAS(planned, retract)) return host->fail(host, "no plans");
  if (layer == NULL) return host->fail(host, "no layer");
  double before, masked, back, once;
  uint32_t positions[2] = {0, 1};
  wb_edit edit = {.struct_size = sizeof edit,
                  .kind = WB_EDIT_MASK_OFF,
                  .target = layer->id,
                  .indices = positions, .index_count = 2};
  if (planned->loss(host, model, &before) || host->emit(host, &edit) ||
      planned->loss(host, model, &masked) || planned->retract(host, 1) ||
      planned->loss(host, model, &back))
    return WB_FAILED;
  if (before != round->loss || masked == before || back != before)
    return host->fail(host, "the loss is of another network");
  /* Another plan of as many edits is another plan. */
  edit.index_count = 1;
  if (host->emit(host, &edit) || planned->loss(host, model, &once)) return WB_FAILED;
  if (once == masked || once == before) return host->fail(host, "the loss is of the old plan");
  return WB_OK;
}
#define PROPOSE propose_it
#include "plugin.h"
