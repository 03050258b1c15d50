/* Has a count that was never set. */
#define STRATEGY_COUNT 0xFFFFFFFFu
#include "plugin.h"
