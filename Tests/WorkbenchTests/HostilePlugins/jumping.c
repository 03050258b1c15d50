/* Jumps out of a callback into one that has returned. */
#define CREATE jumping_create
#include "workbench.h"
#include <setjmp.h>
static const wb_strategy *jumping_create(const wb_plugin *, const wb_host *, const char *,
                                         const wb_option_values *);
static jmp_buf place;
#include "acting.h"
static void act(const wb_host *host) {
  (void)host;
  longjmp(place, 1);
}
static const wb_strategy *jumping_create(const wb_plugin *plugin, const wb_host *host,
                                         const char *id, const wb_option_values *options) {
  (void)plugin, (void)id, (void)options;
  static wb_strategy self = {
      .struct_size = sizeof self, .destroy = destroy, .score = acting_score};
  self.state = (void *)host;
  return setjmp(place) == 0 ? &self : NULL;
}
