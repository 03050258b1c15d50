/* Refuses the largest value that it declares, without a word. */
#include "workbench.h"
static const wb_option share = {.struct_size = sizeof share,
                                .kind = WB_OPTION_NUMBER,
                                .name = "share",
                                .summary = "A share.",
                                .initial = 0.5,
                                .minimum = 0,
                                .maximum = 1};
static const wb_option *const all_options[] = {&share};
static const wb_strategy *create_below(const wb_plugin *plugin, const wb_host *host, const char *id,
                                       const wb_option_values *options);
#define OPTIONS all_options
#define OPTION_COUNT 1
#define CREATE create_below
#include "plugin.h"
static const wb_strategy *create_below(const wb_plugin *plugin, const wb_host *host, const char *id,
                                       const wb_option_values *options) {
  (void)plugin;
  if (strcmp(id, ID) != 0) return host->fail(host, "unknown id"), NULL;
  if (options->numbers[0] >= 1) return NULL;
  wb_strategy *self = calloc(1, sizeof *self);
  *self = (wb_strategy){
      .struct_size = sizeof *self, .state = (void *)host, .destroy = DESTROY, .score = SCORE};
  return self;
}
