/* Has the id of a built-in strategy. */
#define ID "magnitude"
#include "plugin.h"
