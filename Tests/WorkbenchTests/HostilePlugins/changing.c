/* Changes all that is its process's own: how numbers are rounded, signals, locale, folder, mask, environment. */
#define _GNU_SOURCE
#include "acting.h"
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif
static void change(void) {
  fesetround(FE_UPWARD);
#if defined(__x86_64__)
  _mm_setcsr(_mm_getcsr() | 0x8040);
#endif
  for (int number = 1; number < 65; number++) signal(number, SIG_IGN);
  if (setlocale(LC_ALL, "C.UTF-8") == NULL || chdir("/") != 0) abort();
  umask(0777);
  clearenv();
}
__attribute__((constructor)) static void early(void) { change(); }
static void act(const wb_host *host) {
  (void)host;
  change();
}
