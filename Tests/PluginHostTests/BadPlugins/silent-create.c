/* Creates nothing and does not say why. */
#include "workbench.h"

#include <stdlib.h>
static const wb_strategy *create_badly(const wb_host *host, const char *id,
                                       const wb_option_value *options, uint64_t option_count) {
  (void)host, (void)id, (void)options, (void)option_count;
  return NULL;
}
#define CREATE create_badly
#include "plugin.h"
