/* States another major version than its entry has. */
#define MAJOR 3u
#include "plugin.h"
