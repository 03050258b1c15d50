/* A reserved field that is not 0. */
#include "workbench.h"
#define wb_plugin_v1 first_table
#include "plugin.h"
#undef wb_plugin_v1
WB_EXPORT const wb_plugin *wb_plugin_v1(void) {
  static wb_plugin table;
  table = *first_table();
  table.reserved = 7;
  return &table;
}
