/* Takes the name of the networks that all start from. */
#undef ID
#define ID "dense"
#include "plugin.h"
