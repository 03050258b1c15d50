
/* ---- The library ----------------------------------------------------------------------------- */

static const wb_descriptor *describe(const wb_plugin *self, uint32_t index) {
  (void)self;
  return index == 0 ? &descriptor : NULL;
}

static void destroy(const wb_strategy *self) { free(self->state); }

static const wb_strategy *create(const wb_plugin *self, const wb_host *host, const char *id,
                                 const wb_option_values *options) {
  (void)self, (void)options; /* it declares none */
  struct entrant *new = strcmp(id, descriptor.id) == 0 ? calloc(1, sizeof *new) : NULL;
  if (new == NULL) return host->fail(host, "unknown id, or no memory"), NULL;
  new->table = hooks;
  new->table.state = new;
  new->table.destroy = destroy;
  new->host = host;
  return &new->table;
}

WB_EXPORT const wb_plugin *wb_plugin_v1(void) {
  static const wb_plugin plugin = {
      .abi_major = WB_ABI_MAJOR, .struct_size = sizeof plugin, .name = "example-id",
      .built_with = "C", .strategy_count = 1, .describe = describe, .create = create};
  return &plugin;
}
