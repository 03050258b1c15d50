/* Says something else of itself whenever its table was asked for. */
#include "workbench.h"
static int calls;
static const wb_descriptor *describe_again(const wb_plugin *self, uint32_t index);
#define DESCRIBE describe_again
#define wb_plugin_v1 first_table
#include "plugin.h"
#undef wb_plugin_v1
static const wb_descriptor *describe_again(const wb_plugin *self, uint32_t index) {
  static wb_descriptor later;
  later = descriptor;
  later.version = calls > 1 ? "2.0" : "1.0";
  return index == 0 ? &later : NULL;
}
WB_EXPORT const wb_plugin *wb_plugin_v1(void) {
  calls++;
  return first_table();
}
