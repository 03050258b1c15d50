/* Ends its process as if all were well. */
#include "harming.h"
static void harm(void) { exit(0); }
