/* Another table at each call. */
#include "workbench.h"
#define wb_plugin_v1 first_table
#include "plugin.h"
#undef wb_plugin_v1
WB_EXPORT const wb_plugin *wb_plugin_v1(void) {
  static wb_plugin tables[2];
  static int calls;
  tables[calls % 2] = *first_table();
  return &tables[calls++ % 2];
}
