/* Has two strategies of one id. */
#define STRATEGY_COUNT 2
#include "plugin.h"
