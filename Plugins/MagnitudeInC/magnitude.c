/* The smallest strategy in C: removes the weights that are closest to zero. */
#include "workbench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static wb_status score(const wb_strategy *self, const wb_model *model, uint64_t layer,
                       float *scores, uint64_t count) {
  const wb_host *host = self->state;
  wb_reading weights = {
      .struct_size = sizeof weights, .signal = WB_SIGNAL_PARAMETERS, .layer = layer};
  wb_status status = host->read(host, model, &weights);
  if (status != WB_OK) return status;
  if (weights.count < count) return host->fail(host, "fewer parameters than scores");
  for (uint64_t i = 0; i < count; i++) scores[i] = fabsf(weights.values[i]);
  return WB_OK;
}

static void destroy(const wb_strategy *self) { free((void *)self); }

static const wb_descriptor magnitude = {
    .struct_size = sizeof magnitude, .id = "magnitude-c", .name = "Magnitude in C",
    .summary = "Removes the weights closest to zero.", .version = "1.0",
    .citation = "Han et al. 2015, arXiv:1506.02626",
    .signals = WB_SIGNAL_BIT(WB_SIGNAL_PARAMETERS), .granularity = WB_WEIGHTS};

static const wb_descriptor *describe(const wb_plugin *self, uint32_t index) {
  (void)self;
  return index == 0 ? &magnitude : NULL;
}

static const wb_strategy *create(const wb_plugin *plugin, const wb_host *host, const char *id,
                                 const wb_option_values *options) {
  (void)plugin, (void)options; /* it declares none */
  wb_strategy *self = strcmp(id, magnitude.id) == 0 ? calloc(1, sizeof *self) : NULL;
  if (self == NULL) return host->fail(host, "unknown id, or no memory"), NULL;
  *self = (wb_strategy){.struct_size = sizeof *self, .state = (void *)host,
                        .destroy = destroy, .score = score};
  return self;
}

WB_EXPORT const wb_plugin *wb_plugin_v1(void) {
  static const wb_plugin plugin = {
      .abi_major = WB_ABI_MAJOR, .struct_size = sizeof plugin, .name = "magnitude-c",
      .built_with = "C", .strategy_count = 1, .describe = describe, .create = create};
  return &plugin;
}
