/* Has no strategy. */
#define STRATEGY_COUNT 0
#include "plugin.h"
