/* Takes the name of a strategy that is linked in. */
#undef ID
#define ID "magnitude"
#include "plugin.h"
