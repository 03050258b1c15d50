/* Makes instances that cannot be let go. */
#include "workbench.h"

#include <stdlib.h>
static const wb_strategy *create_badly(const wb_plugin *self, const wb_host *host, const char *id,
                                 const wb_option_values *options) {
  (void)self, (void)host, (void)id, (void)options;
  static const wb_strategy strategy = {.struct_size = sizeof strategy};
  return &strategy;
}
#define CREATE create_badly
#include "plugin.h"
