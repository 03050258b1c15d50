/* States a size that stops before its last fields. */
#define PLUGIN_SIZE 16
#include "plugin.h"
