/* Scores that grow with each call of an instance. */
#include "workbench.h"
static wb_status score_later(const wb_strategy *self, const wb_model *model, uint64_t layer,
                             float *scores, uint64_t count);
static const wb_strategy *create_counting(const wb_plugin *plugin, const wb_host *host,
                                          const char *id, const wb_option_values *options);
#define SCORE score_later
#define CREATE create_counting
#include "plugin.h"
typedef struct counting {
  wb_strategy table;
  float calls;
} counting;
static wb_status score_later(const wb_strategy *self, const wb_model *model, uint64_t layer,
                             float *scores, uint64_t count) {
  (void)model, (void)layer;
  float calls = ++((counting *)self)->calls;
  for (uint64_t i = 0; i < count; i++) scores[i] = (float)i + calls;
  return WB_OK;
}
static const wb_strategy *create_counting(const wb_plugin *plugin, const wb_host *host,
                                          const char *id, const wb_option_values *options) {
  (void)plugin, (void)options;
  if (strcmp(id, ID) != 0) return host->fail(host, "unknown id"), NULL;
  counting *self = calloc(1, sizeof *self);
  self->table = (wb_strategy){.struct_size = sizeof self->table,
                              .state = (void *)host,
                              .destroy = DESTROY,
                              .score = SCORE};
  return &self->table;
}
