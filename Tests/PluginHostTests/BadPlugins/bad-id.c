/* Has an id that cannot stand in a list. */
#define ID "Best, of all"
#include "plugin.h"
