/* Scores at a granularity of the future. */
#define GRANULARITY 9
#include "plugin.h"
