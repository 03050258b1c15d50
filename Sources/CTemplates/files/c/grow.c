/* Example name: widens a small network in stages, by units with small random weights into them and
   none out of them, so that what the network computes stays as it is.

   To make it yours, change what `propose` chooses: which layer, how many units, which weights.
   Layers whose units a residual sum adds to those of others are left as they are. */
#include "workbench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How often each layer grows, and the share of training in which it does. */
static const uint64_t stages = 8;
static const double until = 0.5;

/* A strategy in use: what the host calls, and what it keeps from one call to the next. */
struct entrant {
  wb_strategy table;
  const wb_host *host;
  uint64_t layers; /* that may grow */
  uint64_t turns;  /* that are done; each is one layer's */
  uint64_t weights; /* before the first turn */
};

/* Whether units may be added, and to this layer alone. */
static int may_grow(const wb_host *host, const wb_model *model, const wb_layer *layer) {
  if ((layer->flags & WB_FLAG_UNITS_GROWABLE) == 0) return 0;
  const wb_edge *own, *other;
  for (uint32_t i = 0; (own = host->edge_at(host, model, i)) != NULL; i++) {
    if (own->from != layer->id) continue;
    for (uint32_t j = 0; (other = host->edge_at(host, model, j)) != NULL; j++) {
      if (other->from != own->from && other->to == own->to && other->first == own->first) return 0;
    }
  }
  return 1;
}

/* The layer among those that may grow, or null past the end. */
static const wb_layer *growing(const wb_host *host, const wb_model *model, uint64_t place) {
  const wb_layer *layer;
  for (uint32_t i = 0; (layer = host->layer_at(host, model, i)) != NULL; i++) {
    if (may_grow(host, model, layer) && place-- == 0) return layer;
  }
  return NULL;
}

/* Weights out of one unit of a layer. */
static uint64_t fan_out(const wb_host *host, const wb_model *model, uint64_t from) {
  uint64_t sum = 0;
  const wb_edge *edge;
  const wb_layer *reader;
  for (uint32_t i = 0; (edge = host->edge_at(host, model, i)) != NULL; i++) {
    if (edge->from != from) continue;
    for (uint32_t j = 0; (reader = host->layer_at(host, model, j)) != NULL; j++) {
      if (reader->id == edge->to)
        sum += edge->area * reader->dims[0] * reader->dims[2] * reader->dims[3];
    }
  }
  return sum;
}

static wb_status widen(const wb_host *host, const wb_layer *layer, uint64_t units, uint64_t out) {
  const uint64_t in = layer->weight_count / layer->unit_count;
  const uint64_t row = in + (layer->bias_count > 0), count = units * (row + out);
  float *values = calloc(count, sizeof *values);
  if (values == NULL) return host->fail(host, "no memory");
  const float bound = 1 / sqrtf((float)in);
  host->random(host, values, units * row);
  for (uint64_t i = 0; i < units * row; i++) {
    values[i] = i % row < in ? (2 * values[i] - 1) * bound : 0; /* behind the weights is the bias */
  }
  wb_edit edit = {.struct_size = sizeof edit, .kind = WB_EDIT_WIDEN, .target = layer->id,
                  .unit_count = units, .values = values, .value_count = count};
  wb_status status = host->emit(host, &edit);
  free(values);
  return status;
}

/* Before training: asks for a turn of each layer in each stage. */
static wb_status begin_period(const wb_strategy *self, const wb_model *model,
                              const wb_period *period, wb_period_control *control) {
  struct entrant *me = self->state;
  me->layers = me->turns = 0;
  while (growing(me->host, model, me->layers) != NULL) me->layers++;
  if (me->layers == 0) return me->host->fail(me->host, "no layer can grow"), WB_SKIPPED;
  const uint64_t turns = stages * me->layers;
  const uint64_t every = (uint64_t)(until * (double)period->steps) / turns;
  control->update_every = every > 0 ? every : 1;
  control->update_end = control->update_every * turns;
  return WB_OK;
}

static wb_status propose(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  struct entrant *me = self->state;
  const uint64_t now = round->now->weights, goal = round->weights_goal;
  if (now > goal)
    return me->host->fail(me->host, "the network has more weights than the goal"), WB_SKIPPED;
  if (round->step == NULL || me->layers == 0) return WB_OK; /* between training periods */
  if (me->turns == 0) me->weights = now;
  const uint64_t stage = me->turns / me->layers + 1, turn = me->turns % me->layers;
  me->turns++;
  /* What this stage may reach, shared by the layers whose turn is still to come. */
  const uint64_t target =
      stage < stages ? me->weights + (goal - me->weights) * stage / stages : goal;
  const wb_layer *layer = growing(me->host, model, turn);
  if (layer == NULL || target <= now) return WB_OK;
  const uint64_t out = fan_out(me->host, model, layer->id);
  const uint64_t cost = layer->weight_count / layer->unit_count + out +
                        (layer->prunable_count > layer->weight_count);
  const uint64_t units = (target - now) / (me->layers - turn) / cost;
  return units == 0 ? WB_OK : widen(me->host, layer, units, out);
}

static const wb_strategy hooks = {
    .struct_size = sizeof hooks, .propose = propose, .begin_period = begin_period};

static const wb_descriptor descriptor = {
    .struct_size = sizeof descriptor, .id = "example-id", .name = "Example name",
    .summary = "Adds units with small random weights.", .citation = "unpublished",
    .version = "1.0", .edits = WB_EDIT_BIT(WB_EDIT_WIDEN), .granularity = WB_WEIGHTS,
    .course = WB_COURSE_GROW};
