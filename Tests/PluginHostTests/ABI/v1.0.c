/* A plugin as it was written for version 1.0, against a copy of that version's header. Every later
   host must load and run it: neither file is ever changed.

   It uses every part of the interface once, and logs what it saw. */
#include "v1.0.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  wb_strategy table;
  const wb_host *host;
  double offset;
  uint64_t choice;
  char text[16];
} frozen;

static frozen *state_of(const wb_strategy *self) { return self->state; }

static wb_status score(const wb_strategy *self, const wb_model *model, uint64_t layer,
                       float *scores, uint64_t count) {
  const frozen *state = state_of(self);
  wb_reading weights = {
      .struct_size = sizeof weights, .signal = WB_SIGNAL_PARAMETERS, .layer = layer};
  if (state->host->read(state->host, model, &weights) != WB_OK)
    return state->host->fail(state->host, "no parameters");
  for (uint64_t i = 0; i < count; i++)
    scores[i] = (float)state->offset + weights.values[i] * weights.values[i];
  return WB_OK;
}

/* Masks the first live position of every layer until the goal is reached. */
static wb_status propose(const wb_strategy *self, const wb_model *model, const wb_round *round) {
  const frozen *state = state_of(self);
  const wb_host *host = state->host;
  wb_counts counts = {.struct_size = sizeof counts};
  if (!WB_HAS(round, loss)) return host->fail(host, "the round is short");
  double algebra_check = 0;
  const wb_linear_algebra *algebra = host->query(host, WB_LINEAR_ALGEBRA_1);
  if (algebra != NULL) {
    const double a[2] = {3, 4};
    if (algebra->multiply(0, 1, 1, 1, 2, 1, a, a, 0, &algebra_check) != WB_OK)
      return host->fail(host, "no product");
  }
  for (uint32_t index = 0;; index++) {
    if (host->measure(host, model, &counts) != WB_OK) return host->fail(host, "cannot count");
    if (counts.weights <= round->weights_goal) break;
    const wb_layer *layer = host->layer_at(host, model, index);
    if (layer == NULL) break;
    wb_reading mask = {.struct_size = sizeof mask, .signal = WB_SIGNAL_MASK, .layer = layer->id};
    if (host->read(host, model, &mask) != WB_OK)
      return host->fail(host, "no mask");
    uint32_t position = 0;
    while (position < layer->prunable_count && mask.values[position] == 0) position++;
    if (position == layer->prunable_count) continue;
    wb_edit edit = {.struct_size = sizeof edit,
                    .kind = WB_EDIT_MASK_OFF,
                    .target = layer->id,
                    .indices = &position, .index_count = 1};
    if (host->emit(host, &edit) != WB_OK) return host->fail(host, "cannot mask");
  }
  float drawn[4];
  host->random(host, drawn, 4);
  int inside = 1;
  for (int i = 0; i < 4; i++) inside &= drawn[i] >= 0 && drawn[i] < 1;
  const wb_block *block = host->block_at(host, model, 0);
  char line[160];
  snprintf(line, sizeof line, "v1.0 offset %g choice %d text %s product %g random %d block %s",
           state->offset, (int)state->choice, state->text, algebra_check, inside,
           block ? block->name : "none");
  host->log(host, WB_LOG_INFO, line);
  return WB_OK;
}

static wb_status begin_step(const wb_strategy *self, const wb_model *model, const wb_step *step,
                            wb_step_control *control) {
  (void)self, (void)model, (void)step;
  for (uint64_t i = 0; i < control->gate_count; i++) control->gates[i] = 0.5f;
  return WB_OK;
}

static wb_status end_step(const wb_strategy *self, const wb_model *model, const wb_step *step,
                          float *parameters, uint64_t count) {
  (void)self, (void)model, (void)step;
  for (uint64_t i = 0; i < count; i++) parameters[i] *= 0.5f;
  return WB_OK;
}

static void destroy(const wb_strategy *self) { free(state_of(self)); }

static const char *const words[] = {"first", "second"};
static const wb_option offset = {.struct_size = sizeof offset,
                                 .kind = WB_OPTION_NUMBER,
                                 .name = "offset",
                                 .summary = "Added to every score.",
                                 .initial = 1,
                                 .minimum = 0,
                                 .maximum = 10};
static const wb_option order = {.struct_size = sizeof order,
                                .kind = WB_OPTION_CHOICE,
                                .name = "order",
                                .summary = "One of two words.",
                                .initial = 0,
                                .choices = words,
                                .choice_count = 2};
static const wb_option note = {.struct_size = sizeof note,
                               .kind = WB_OPTION_TEXT,
                               .name = "note",
                               .summary = "Any text.",
                               .initial_text = "none"};
static const wb_option *const options[] = {&offset, &order, &note};

static const wb_descriptor descriptor = {
    .struct_size = sizeof(wb_descriptor),
    .id = "frozen-1.0",
    .name = "Frozen 1.0",
    .summary = "A plugin of version 1.0.",
    .citation = "unpublished",
    .version = "1.0",
    .signals = WB_SIGNAL_BIT(WB_SIGNAL_PARAMETERS) | WB_SIGNAL_BIT(WB_SIGNAL_MASK),
    .edits = WB_EDIT_BIT(WB_EDIT_MASK_OFF),
    .granularity = WB_WEIGHTS,
    .options = options,
    .option_count = 3};

static const wb_descriptor *describe(const wb_plugin *self, uint32_t index) {
  (void)self;
  return index == 0 ? &descriptor : NULL;
}

static const wb_strategy *create(const wb_plugin *self, const wb_host *host, const char *id,
                                 const wb_option_values *values) {
  if (self->state != (void *)words) return host->fail(host, "this is another plugin"), NULL;
  if (strcmp(id, descriptor.id) != 0) return host->fail(host, "unknown id"), NULL;
  if (values->count != 3) return host->fail(host, "three values are needed"), NULL;
  frozen *state = calloc(1, sizeof *state);
  if (state == NULL) return host->fail(host, "no memory"), NULL;
  *state = (frozen){.table = {.struct_size = sizeof(wb_strategy),
                              .state = state,
                              .destroy = destroy,
                              .score = score,
                              .propose = propose,
                              .begin_step = begin_step,
                              .end_step = end_step},
                    .host = host,
                    .offset = values->numbers[0],
                    .choice = (uint64_t)values->numbers[1]};
  if (values->texts[2] != NULL) strncpy(state->text, values->texts[2], sizeof state->text - 1);
  return &state->table;
}

WB_EXPORT const wb_plugin *wb_plugin_v1(void) {
  static const wb_plugin plugin = {.abi_major = 1,
                                   .min_host_minor = 0,
                                   .struct_size = sizeof(wb_plugin),
                                   .state = (void *)words,
                                   .name = "frozen",
                                   .built_with = "C",
                                   .strategy_count = 1,
                                   .describe = describe,
                                   .create = create};
  return &plugin;
}
