
const wb_descriptor *describe(const wb_plugin *, std::uint32_t index) {
  static const wb_descriptor descriptor = [] {
    wb_descriptor about{};
    about.struct_size = sizeof about;
    about.citation = "unpublished";
    about.version = "1.0";
    about.granularity = WB_WEIGHTS;
    Strategy::describe(about);
    return about;
  }();
  return index == 0 ? &descriptor : nullptr;
}

void destroy(const wb_strategy *self) {
  delete static_cast<Strategy *>(self->state);
  delete self;
}

const wb_strategy *create(const wb_plugin *plugin, const wb_host *host, const char *id,
                          const wb_option_values *) {
  try {
    if (std::string(id) != describe(plugin, 0)->id) throw std::runtime_error("unknown id");
    auto table = std::make_unique<wb_strategy>();
    auto strategy = std::make_unique<Strategy>();
    strategy->host = host;
    table->struct_size = sizeof *table;
    table->destroy = destroy;
    Strategy::hook(*table);
    table->state = strategy.release();
    return table.release();
  } catch (const std::exception &error) {
    host->fail(host, error.what());
    return nullptr;
  }
}

}  // namespace

WB_EXPORT const wb_plugin *wb_plugin_v1(void) {
  static const wb_plugin plugin = [] {
    wb_plugin table{};
    table.abi_major = WB_ABI_MAJOR;
    table.struct_size = sizeof table;
    table.name = "example-id";
    table.built_with = "C++";
    table.strategy_count = 1;
    table.describe = describe;
    table.create = create;
    return table;
  }();
  return &plugin;
}
