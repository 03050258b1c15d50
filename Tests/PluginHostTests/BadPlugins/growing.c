/* Grows the first layer that has growable units by two, up to the goal: a grower in C.

   New units begin with a random fan-in around 0 and no fan-out, so that nothing changes at first. */
#include "workbench.h"

#include <stdlib.h>

static wb_status grow(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  const wb_host *host = self->state;
  const wb_layer *layer = NULL;
  for (uint32_t i = 0; (layer = host->layer_at(host, model, i)) != NULL; i++)
    if (layer->flags & WB_FLAG_UNITS_GROWABLE) break;
  if (layer == NULL) return host->fail(host, "no layer can grow"), WB_SKIPPED;

  const uint64_t units = 2, row = layer->weight_count / layer->unit_count;
  const uint64_t into = units * (row + (layer->bias_count > 0));
  uint64_t count = into;
  const wb_edge *edge;
  for (uint32_t i = 0; (edge = host->edge_at(host, model, i)) != NULL; i++) {
    if (edge->from != layer->id) continue;
    const wb_layer *reader = NULL;
    for (uint32_t k = 0; (reader = host->layer_at(host, model, k)) != NULL; k++)
      if (reader->id == edge->to) break;
    if (reader == NULL) return host->fail(host, "an edge leads nowhere");
    count += reader->unit_count * units * edge->area * reader->dims[2] * reader->dims[3];
  }
  float *values = calloc(count, sizeof *values);
  if (values == NULL) return host->fail(host, "no memory");
  host->random(host, values, into);
  for (uint64_t i = 0; i < into; i++) values[i] -= 0.5f;
  wb_edit edit = {.struct_size = sizeof edit,
                  .kind = WB_EDIT_WIDEN,
                  .target = layer->id,
                  .unit_count = units,
                  .values = values,
                  .value_count = count};
  wb_counts counts = {.struct_size = sizeof counts};
  wb_status status = WB_OK;
  if (round->now->weights < round->weights_goal) status = host->emit(host, &edit);
  free(values);
  if (status == WB_OK) status = host->measure(host, model, &counts);
  return status == WB_OK ? host->predict(host, 0) : host->fail(host, "it could not grow");
}

static wb_status begin(const wb_strategy *self, const wb_model *model, const wb_period *period,
                       wb_period_control *control) {
  (void)self, (void)model;
  control->update_every = 5;
  control->update_end = period->steps / 2;
  return WB_OK;
}

#define ID "growing"
#define PROPOSE grow
#define BEGIN_PERIOD begin
#define EDITS WB_EDIT_BIT(WB_EDIT_WIDEN)
#define COURSE WB_COURSE_GROW
#include "plugin.h"
