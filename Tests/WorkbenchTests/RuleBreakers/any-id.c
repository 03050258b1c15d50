/* Creates a strategy under an id that only begins like its own. */
#include "workbench.h"
#include <string.h>
static const wb_strategy *create_any(const wb_plugin *plugin, const wb_host *host, const char *id,
                                     const wb_option_values *options);
#define CREATE create_any
#include "plugin.h"
static const wb_strategy *create_any(const wb_plugin *plugin, const wb_host *host, const char *id,
                                     const wb_option_values *options) {
  (void)plugin, (void)options;
  if (strncmp(id, ID, strlen(ID)) != 0) return host->fail(host, "unknown id"), NULL;
  wb_strategy *self = calloc(1, sizeof *self);
  *self = (wb_strategy){
      .struct_size = sizeof *self, .state = (void *)host, .destroy = DESTROY, .score = SCORE};
  return self;
}
