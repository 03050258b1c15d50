/* Has a name in another encoding. */
#define PLUGIN_NAME "M\xE4r"
#include "plugin.h"
