/* Has a name that is no text. */
#define PLUGIN_NAME "half a \xc3"
#include "plugin.h"
