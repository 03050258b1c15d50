// Widens a small network in stages, by units with small random weights into them and none out of
// them, so that what the network computes stays as it is.
//
// To make it yours, change what `propose` chooses: which layer, how many units, which weights.
// Layers whose units a residual sum adds to those of others are left as they are.
struct Strategy : Entrant {
  // How often each layer grows, and the share of training in which it does.
  std::uint64_t stages = 8;
  double until = 0.5;

  // Turns that are done, each of one layer; weights before the first.
  std::uint64_t turns = 0, weights = 0;

  std::vector<const wb_layer *> growing(const wb_model *model) const {
    const auto edges = this->edges(model);
    std::vector<const wb_layer *> all;
    for (const wb_layer *layer : layers(model)) {
      const bool tied = std::any_of(edges.begin(), edges.end(), [&](const wb_edge *own) {
        return own->from == layer->id &&
               std::any_of(edges.begin(), edges.end(), [&](const wb_edge *other) {
                 return other->from != own->from && other->to == own->to &&
                        other->first == own->first;
               });
      });
      if ((layer->flags & WB_FLAG_UNITS_GROWABLE) != 0 && !tied) all.push_back(layer);
    }
    return all;
  }

  // Weights out of one unit of a layer.
  std::uint64_t fan_out(const wb_model *model, const wb_layer *layer) const {
    std::uint64_t sum = 0;
    for (const wb_edge *edge : edges(model))
      for (const wb_layer *reader : layers(model))
        if (edge->from == layer->id && edge->to == reader->id)
          sum += edge->area * reader->dims[0] * reader->dims[2] * reader->dims[3];
    return sum;
  }

  // Before training: asks for a turn of each layer in each stage.
  wb_status begin_period(const wb_model *model, const wb_period *period,
                         wb_period_control *control) {
    turns = 0;
    const std::uint64_t wanted = stages * growing(model).size();
    if (wanted == 0) return host->fail(host, "no layer can grow"), WB_SKIPPED;
    const std::uint64_t every = std::uint64_t(until * double(period->steps)) / wanted;
    control->update_every = std::max<std::uint64_t>(1, every);
    control->update_end = control->update_every * wanted;
    return WB_OK;
  }

  wb_status propose(const wb_model *model, const wb_round *round) {
    const std::uint64_t now = round->now->weights, goal = round->weights_goal;
    if (now > goal)
      return host->fail(host, "the network has more weights than the goal"), WB_SKIPPED;
    const auto layers = growing(model);
    if (round->step == nullptr || layers.empty()) return WB_OK;  // between training periods
    if (turns == 0) weights = now;
    const std::uint64_t stage = turns / layers.size() + 1, turn = turns % layers.size();
    turns++;
    // What this stage may reach, shared by the layers whose turn is still to come.
    const std::uint64_t target =
        stage < stages ? weights + (goal - weights) * stage / stages : goal;
    if (target <= now) return WB_OK;
    const wb_layer *layer = layers[turn];
    const std::uint64_t in = layer->weight_count / layer->unit_count, out = fan_out(model, layer);
    const std::uint64_t cost = in + out + (layer->prunable_count > layer->weight_count);
    const std::uint64_t units = (target - now) / (layers.size() - turn) / cost;
    return units == 0 ? WB_OK : widen(layer, units, in, out);
  }

  wb_status widen(const wb_layer *layer, std::uint64_t units, std::uint64_t in,
                  std::uint64_t out) const {
    const std::uint64_t row = in + (layer->bias_count > 0);
    std::vector<float> values(units * (row + out));
    const float bound = 1 / std::sqrt(float(in));
    host->random(host, values.data(), units * row);
    for (std::uint64_t i = 0; i < units * row; i++)  // behind the weights is the bias
      values[i] = i % row < in ? (2 * values[i] - 1) * bound : 0;
    wb_edit edit{};
    edit.struct_size = sizeof edit;
    edit.kind = WB_EDIT_WIDEN;
    edit.target = layer->id;
    edit.unit_count = units;
    edit.values = values.data();
    edit.value_count = values.size();
    return host->emit(host, &edit);
  }

  static void describe(wb_descriptor &about) {
    about.id = "example-id";
    about.name = "Example name";
    about.summary = "Adds units with small random weights.";
    about.edits = WB_EDIT_BIT(WB_EDIT_WIDEN);
    about.course = WB_COURSE_GROW;
  }

  static void hook(wb_strategy &table);
};
