/* States a descriptor's size that stops before its last fields. */
#define DESCRIPTOR_SIZE 24
#include "plugin.h"
