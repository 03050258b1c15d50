/* Has no name. */
#define PLUGIN_NAME NULL
#include "plugin.h"
