/* Puts two units beside what the last layer reads, frozen and not heard yet: a grower in C. */
#include "workbench.h"

#include <stdlib.h>

static wb_status grow(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  (void)round;
  const wb_host *host = self->state;
  const wb_layer *reader = NULL, *layer;
  for (uint32_t i = 0; (layer = host->layer_at(host, model, i)) != NULL; i++) reader = layer;
  if (reader == NULL || reader->kind != WB_LAYER_DENSE) return WB_SKIPPED;

  const uint32_t units = 2, inputs = reader->dims[1];
  float *weights = calloc((uint64_t)units * inputs, sizeof *weights);
  if (weights == NULL) return host->fail(host, "no memory");
  host->random(host, weights, (uint64_t)units * inputs);
  const float biases[2] = {0.25f, -0.5f};
  const wb_layer_spec dense = {.struct_size = sizeof dense,
                               .kind = WB_LAYER_DENSE,
                               .dims = {units, inputs, 1, 1},
                               .stride = {1, 1},
                               .weights = weights,
                               .weight_count = (uint64_t)units * inputs,
                               .biases = biases,
                               .bias_count = units};
  const wb_layer_spec squash = {.struct_size = sizeof squash, .kind = WB_LAYER_TANH};
  const wb_layer_spec *const layers[2] = {&dense, &squash};
  const wb_edit edit = {.struct_size = sizeof edit,
                        .kind = WB_EDIT_INSERT_BESIDE,
                        .flags = WB_EDIT_FROZEN,
                        .target = reader->id,
                        .layers = layers,
                        .layer_count = 2};
  const wb_status status = host->emit(host, &edit);
  free(weights);
  return status;
}

#define ID "beside"
#define PROPOSE grow
#define EDITS WB_EDIT_BIT(WB_EDIT_INSERT_BESIDE)
#define COURSE WB_COURSE_GROW
#include "plugin.h"
