/* A plugin that does everything right. A bad one defines what it does wrong, and includes this. */
#include "workbench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifndef ID
#define ID "test"
#endif
#ifndef MAJOR
#define MAJOR WB_ABI_MAJOR
#endif
#ifndef MINIMUM_MINOR
#define MINIMUM_MINOR 0
#endif
#ifndef PLUGIN_SIZE
#define PLUGIN_SIZE sizeof(wb_plugin)
#endif
#ifndef PLUGIN_NAME
#define PLUGIN_NAME "test plugin"
#endif
#ifndef STRATEGY_COUNT
#define STRATEGY_COUNT 1
#endif
#ifndef DESCRIPTOR_SIZE
#define DESCRIPTOR_SIZE sizeof(wb_descriptor)
#endif
#ifndef SUMMARY
#define SUMMARY "A plugin for tests."
#endif
#ifndef SIGNALS
#define SIGNALS WB_SIGNAL_BIT(WB_SIGNAL_PARAMETERS)
#endif
#ifndef EDITS
#define EDITS WB_EDIT_BIT(WB_EDIT_MASK_OFF)
#endif
#ifndef GRANULARITY
#define GRANULARITY WB_WEIGHTS
#endif
#ifndef FLAGS
#define FLAGS 0
#endif
#ifndef OPTIONS
#define OPTIONS NULL
#endif
#ifndef OPTION_COUNT
#define OPTION_COUNT 0
#endif
#ifndef PROPOSE
#define PROPOSE NULL
#endif
#ifndef BEGIN_PERIOD
#define BEGIN_PERIOD NULL
#endif
#ifndef COURSE
#define COURSE WB_COURSE_PRUNE
#endif
#ifndef BEGIN_STEP
#define BEGIN_STEP NULL
#endif
#ifndef END_STEP
#define END_STEP NULL
#endif

#ifndef SCORE
#define SCORE magnitude
static wb_status magnitude(const wb_strategy *self, const wb_model *model, uint64_t layer,
                           float *scores, uint64_t count) {
  const wb_host *host = (const wb_host *)self->state;
  wb_reading weights = {
      .struct_size = sizeof weights, .signal = WB_SIGNAL_PARAMETERS, .layer = layer};
  wb_status status = host->read(host, model, &weights);
  if (status != WB_OK) return host->fail(host, "cannot read the parameters");
  for (uint64_t i = 0; i < count; i++) scores[i] = fabsf(weights.values[i]);
  return WB_OK;
}
#endif

#ifndef DESTROY
#define DESTROY destroy
static void destroy(const wb_strategy *self) { free((void *)self); }
#endif

static const wb_descriptor descriptor = {.struct_size = DESCRIPTOR_SIZE,
                                         .flags = FLAGS,
                                         .id = ID,
                                         .name = "Test",
                                         .summary = SUMMARY,
                                         .citation = "unpublished",
                                         .version = "1.0",
                                         .signals = SIGNALS,
                                         .edits = EDITS,
                                         .granularity = GRANULARITY,
                                         .course = COURSE,
                                         .options = OPTIONS,
                                         .option_count = OPTION_COUNT};

#ifndef DESCRIBE
#define DESCRIBE describe
static const wb_descriptor *describe(const wb_plugin *self, uint32_t index) {
  (void)self;
  return index < STRATEGY_COUNT ? &descriptor : NULL;
}
#endif

#ifndef CREATE
#define CREATE create
static const wb_strategy *create(const wb_plugin *plugin, const wb_host *host, const char *id,
                                 const wb_option_values *options) {
  (void)plugin, (void)options;
  if (strcmp(id, ID) != 0) return host->fail(host, "unknown id"), (const wb_strategy *)NULL;
  wb_strategy *self = (wb_strategy *)calloc(1, sizeof *self);
  if (self == NULL) return host->fail(host, "no memory"), (const wb_strategy *)NULL;
  *self = (wb_strategy){.struct_size = sizeof *self,
                        .state = (void *)host,
                        .destroy = DESTROY,
                        .score = SCORE,
                        .propose = PROPOSE,
                        .begin_period = BEGIN_PERIOD,
                        .begin_step = BEGIN_STEP,
                        .end_step = END_STEP};
  return self;
}
#endif

WB_EXPORT const wb_plugin *wb_plugin_v1(void) {
  static const wb_plugin plugin = {.abi_major = MAJOR,
                                   .min_host_minor = MINIMUM_MINOR,
                                   .struct_size = PLUGIN_SIZE,
                                   .name = PLUGIN_NAME,
                                   .built_with = "C",
                                   .strategy_count = STRATEGY_COUNT,
                                   .describe = DESCRIBE,
                                   .create = CREATE};
  return &plugin;
}
