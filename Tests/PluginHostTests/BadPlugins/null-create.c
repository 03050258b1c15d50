/* Cannot create anything. */
#define CREATE NULL
#include "plugin.h"
