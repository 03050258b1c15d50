// Masks the smallest weights off itself, down to the goal of each round.
//
// To make it yours, change `propose`: a plan may hold any of the edits that workbench.h lists, and
// the host applies all of them or none. Declare signals and edits in `describe`.
struct Strategy : Entrant {
  wb_status propose(const wb_model *model, const wb_round *round) const {
    if (round->now->weights <= round->weights_goal) return WB_OK;
    const std::uint64_t going = round->now->weights - round->weights_goal;
    const auto layers = this->layers(model);
    // Of each live weight its size, the place of its layer, and its position there.
    std::vector<std::tuple<float, std::size_t, std::uint32_t>> live;
    for (std::size_t place = 0; place < layers.size(); place++) {
      const wb_layer &layer = *layers[place];
      const float *values = read(model, WB_SIGNAL_PARAMETERS, layer.id, layer.prunable_count);
      const float *mask = read(model, WB_SIGNAL_MASK, layer.id, layer.prunable_count);
      for (std::uint32_t i = 0; i < layer.prunable_count; i++)
        if (mask[i] != 0) live.emplace_back(std::fabs(values[i]), place, i);
    }
    if (live.size() < going) throw std::runtime_error("too few live weights");
    std::sort(live.begin(), live.end());
    std::vector<std::vector<std::uint32_t>> positions(layers.size());
    for (std::uint64_t i = 0; i < going; i++)
      positions[std::get<1>(live[i])].push_back(std::get<2>(live[i]));
    for (std::size_t place = 0; place < layers.size(); place++) {
      if (positions[place].empty()) continue;
      wb_edit edit{};
      edit.struct_size = sizeof edit;
      edit.kind = WB_EDIT_MASK_OFF;
      edit.target = layers[place]->id;
      edit.indices = positions[place].data();
      edit.index_count = positions[place].size();
      if (wb_status status = host->emit(host, &edit)) return status;
    }
    return WB_OK;
  }

  static void describe(wb_descriptor &about) {
    about.id = "example-id";
    about.name = "Example name";
    about.summary = "Masks the weights closest to zero.";
    about.signals = WB_SIGNAL_BIT(WB_SIGNAL_PARAMETERS) | WB_SIGNAL_BIT(WB_SIGNAL_MASK);
    about.edits = WB_EDIT_BIT(WB_EDIT_MASK_OFF);
  }

  static void hook(wb_strategy &table);
};
