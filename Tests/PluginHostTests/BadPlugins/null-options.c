/* Has options nowhere. */
#define OPTION_COUNT 2
#include "plugin.h"
