/* Checks what the host says of the network before it prunes; there is nothing wrong with it. */
#include "workbench.h"
static wb_status propose_it(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  const wb_host *host = self->state;
  const wb_layer *layer, *fed = NULL, *next = NULL;
  uint64_t live = 0;
  for (uint32_t i = 0; (layer = host->layer_at(host, model, i)) != NULL; i++) {
    wb_reading mask = {.struct_size = sizeof mask, .signal = WB_SIGNAL_MASK, .layer = layer->id};
    wb_status status = host->read(host, model, &mask);
    if (status != WB_OK) return host->fail(host, "cannot read a mask");
    for (uint64_t k = 0; k < layer->prunable_count; k++) live += mask.values[k] != 0;
    const wb_layer *after = host->layer_at(host, model, i + 1);
    if (fed == NULL && (layer->flags & WB_FLAG_UNITS_REMOVABLE) && after != NULL &&
        after->block == layer->block) {
      fed = layer;
      next = after;
    }
  }
  if (live != round->now->weights) return host->fail(host, "the live weights are not the count");
  if (fed == NULL) return host->fail(host, "no layer feeds the next");
  if (next->dims[1] % fed->unit_count != 0) return host->fail(host, "its units are no inputs");

  /* A unit goes with the weights into it and those that lead from it. */
  uint32_t unit = 1;
  wb_edit removal = {.struct_size = sizeof removal, .kind = WB_EDIT_REMOVE_UNITS,
                     .target = fed->id, .indices = &unit, .index_count = 1};
  if (host->emit(host, &removal) != WB_OK) return host->fail(host, "no unit may go");
  uint64_t window = next->dims[2] * next->dims[3];
  uint64_t lost = fed->dims[1] * fed->dims[2] * fed->dims[3] +
                  next->dims[1] / fed->unit_count * window * next->dims[0];
  wb_counts counts = {.struct_size = sizeof counts};
  if (host->measure(host, model, &counts) != WB_OK) return host->fail(host, "cannot measure");
  if (counts.weights != live - lost) return host->fail(host, "another layer read the unit");

  /* What stays after masking gets its new value. */
  uint32_t masked = 0, set = 1;
  float value = 0.5f;
  wb_edit edits[] = {{.struct_size = sizeof *edits, .kind = WB_EDIT_MASK_OFF, .target = fed->id,
                      .indices = &masked, .index_count = 1},
                     {.struct_size = sizeof *edits, .kind = WB_EDIT_SET_WEIGHTS, .target = fed->id,
                      .indices = &set, .index_count = 1, .values = &value, .value_count = 1}};
  for (int i = 0; i < 2; i++)
    if (host->emit(host, &edits[i]) != WB_OK) return host->fail(host, "an edit was refused");
  if (host->measure(host, model, &counts) != WB_OK) return host->fail(host, "cannot measure");
  return counts.weights == live - lost - 1 ? WB_OK : host->fail(host, "the mask was not counted");
}
#define PROPOSE propose_it
#define SIGNALS WB_SIGNAL_BIT(WB_SIGNAL_MASK)
#define EDITS \
  (WB_EDIT_BIT(WB_EDIT_MASK_OFF) | WB_EDIT_BIT(WB_EDIT_SET_WEIGHTS) | \
   WB_EDIT_BIT(WB_EDIT_REMOVE_UNITS))
#include "plugin.h"
