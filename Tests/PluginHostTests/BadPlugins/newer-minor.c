/* Asks for a later host. */
#define MINIMUM_MINOR 7
#include "plugin.h"
