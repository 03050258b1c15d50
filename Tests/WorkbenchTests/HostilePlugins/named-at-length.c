/* Has a name of 10 MB. */
static char name[10000001];
#define PLUGIN_NAME name
#include "plugin.h"
__attribute__((constructor)) static void fill(void) { memset(name, 'a', sizeof name - 1); }
