/* Has the id of what every strategy starts from. */
#define ID "dense"
#include "plugin.h"
