/* The id of a strategy of the workbench. */
#define ID "magnitude"
#include "plugin.h"
