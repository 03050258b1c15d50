/* Creates nothing and says why. */
#include "workbench.h"

#include <stdlib.h>
static const wb_strategy *create_badly(const wb_plugin *self, const wb_host *host, const char *id,
                                 const wb_option_values *options) {
  (void)self, (void)host, (void)id, (void)options;
  return host->fail(host, "no licence was found"), NULL;
}
#define CREATE create_badly
#include "plugin.h"
