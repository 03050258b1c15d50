/* Cannot describe anything. */
#define DESCRIBE NULL
#include "plugin.h"
