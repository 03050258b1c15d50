/* Has an empty id. */
#define ID ""
#include "plugin.h"
