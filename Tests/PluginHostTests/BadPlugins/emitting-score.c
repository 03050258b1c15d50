/* Emits an edit while it scores. */
#include "workbench.h"
static wb_status score_and_emit(const wb_strategy *self, const wb_model *model, uint64_t layer,
                                float *scores, uint64_t count) {
  (void)model;
  const wb_host *host = self->state;
  uint32_t first = 0;
  wb_edit edit = {.struct_size = sizeof edit,
                  .kind = WB_EDIT_MASK_OFF,
                  .target = layer,
                  .indices = &first, .index_count = 1};
  host->emit(host, &edit);
  for (uint64_t i = 0; i < count; i++) scores[i] = 1;
  return WB_OK;
}
#define SCORE score_and_emit
#include "plugin.h"
