/* Example name: masks the smallest weights off itself, down to the goal of each round.

   To make it yours, change `propose`: a plan may hold any of the edits that workbench.h lists, and
   the host applies all of them or none. Declare signals and edits in `descriptor`. */
#include "workbench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A strategy in use: what the host calls, and what it keeps from one call to the next. */
struct entrant {
  wb_strategy table;
  const wb_host *host;
};

/* A live weight: its size, the place of its layer, and its position there. */
struct weight {
  float size;
  uint32_t layer, position;
};

static int smaller(const void *left, const void *right) {
  const struct weight *a = left, *b = right;
  if (a->size != b->size) return a->size < b->size ? -1 : 1;
  if (a->layer != b->layer) return a->layer < b->layer ? -1 : 1;
  return a->position < b->position ? -1 : a->position > b->position;
}

/* Writes the live weights of the network; there are as many as round->now->weights says. */
static wb_status list(const wb_host *host, const wb_model *model, struct weight *all,
                      uint64_t room, uint64_t *count) {
  const wb_layer *layer;
  for (uint32_t i = 0; (layer = host->layer_at(host, model, i)) != NULL; i++) {
    wb_reading values = {
        .struct_size = sizeof values, .signal = WB_SIGNAL_PARAMETERS, .layer = layer->id};
    wb_reading mask = {.struct_size = sizeof mask, .signal = WB_SIGNAL_MASK, .layer = layer->id};
    wb_status status = host->read(host, model, &values);
    if (status == WB_OK) status = host->read(host, model, &mask);
    if (status != WB_OK) return status;
    for (uint32_t p = 0; p < layer->prunable_count; p++) {
      if (mask.values[p] == 0) continue;
      if (*count == room) return host->fail(host, "more live weights than the round says");
      all[(*count)++] = (struct weight){fabsf(values.values[p]), i, p};
    }
  }
  return WB_OK;
}

/* Masks the first `going` weights off, with one edit a layer. */
static wb_status mask_off(const wb_host *host, const wb_model *model, const struct weight *all,
                          uint64_t going, uint32_t *positions) {
  const wb_layer *layer;
  for (uint32_t i = 0; (layer = host->layer_at(host, model, i)) != NULL; i++) {
    uint64_t count = 0;
    for (uint64_t w = 0; w < going; w++) {
      if (all[w].layer == i) positions[count++] = all[w].position;
    }
    if (count == 0) continue;
    wb_edit edit = {.struct_size = sizeof edit, .kind = WB_EDIT_MASK_OFF, .target = layer->id,
                    .indices = positions, .index_count = count};
    wb_status status = host->emit(host, &edit);
    if (status != WB_OK) return status;
  }
  return WB_OK;
}

static wb_status propose(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  const struct entrant *me = self->state;
  uint64_t live = round->now->weights, count = 0;
  if (live <= round->weights_goal) return WB_OK;
  uint64_t going = live - round->weights_goal;
  struct weight *all = calloc(live, sizeof *all);
  uint32_t *positions = calloc(going, sizeof *positions);
  wb_status status = all != NULL && positions != NULL ? list(me->host, model, all, live, &count)
                                                      : me->host->fail(me->host, "no memory");
  if (status == WB_OK && count < going) status = me->host->fail(me->host, "too few live weights");
  if (status == WB_OK) {
    qsort(all, count, sizeof *all, smaller);
    status = mask_off(me->host, model, all, going, positions);
  }
  free(positions);
  free(all);
  return status;
}

static const wb_strategy hooks = {.struct_size = sizeof hooks, .propose = propose};

static const wb_descriptor descriptor = {
    .struct_size = sizeof descriptor, .id = "example-id", .name = "Example name",
    .summary = "Masks the weights closest to zero.", .citation = "unpublished", .version = "1.0",
    .signals = WB_SIGNAL_BIT(WB_SIGNAL_PARAMETERS) | WB_SIGNAL_BIT(WB_SIGNAL_MASK),
    .edits = WB_EDIT_BIT(WB_EDIT_MASK_OFF), .granularity = WB_WEIGHTS};
