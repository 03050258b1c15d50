/* Takes the name of a control. */
#undef ID
#define ID "random"
#include "plugin.h"
