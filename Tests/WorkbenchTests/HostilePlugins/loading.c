/* Does LOADING while it is loaded. */
#include "acting.h"
#include "loading.h"
static void act(const wb_host *host) { (void)host; }
__attribute__((constructor)) static void early(void) { LOADING; }
