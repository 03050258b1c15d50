/* Makes instances whose size stops before the last fields. */
#include "workbench.h"

#include <stdlib.h>
static const wb_strategy *create_badly(const wb_host *host, const char *id,
                                       const wb_option_value *options, uint64_t option_count) {
  (void)host, (void)id, (void)options, (void)option_count;
  static const wb_strategy strategy = {.struct_size = 24};
  return &strategy;
}
#define CREATE create_badly
#include "plugin.h"
