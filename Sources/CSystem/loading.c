#define _GNU_SOURCE

#include "sanitizing.h"
#include "system.h"

#include <dlfcn.h>

#if !defined(RTLD_DEEPBIND)
#define RTLD_DEEPBIND 0
#endif

int system_bind_deeply(void) { return IS_SANITIZED ? 0 : RTLD_DEEPBIND; }
