/* An entry that gives nothing. */
#include "workbench.h"
WB_EXPORT const wb_plugin *wb_plugin_v1(void) { return NULL; }
