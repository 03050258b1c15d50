/* Ends its process with the code that once meant a full disk. */
#include "harming.h"
static void harm(void) { exit(74); }
