/* Meets what should never be met. */
#include "harming.h"
static void harm(void) { __builtin_trap(); }
