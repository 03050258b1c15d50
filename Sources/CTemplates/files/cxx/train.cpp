// Pulls all weights towards zero in training, and removes the smallest.
//
// After each step w becomes sign(w) max(0, |w| - learning rate * strength), the proximal step of an
// L1 penalty. To make it yours, change `end_step`; before a step there is begin_step, which sets
// gates of residual blocks. workbench.h says what there is.
struct Strategy : Entrant {
  double strength = 1e-4;

  // After the optimiser: `parameters` are those of the whole network, and are there to be changed.
  wb_status end_step(const wb_model *model, const wb_step *step, float *parameters,
                     std::uint64_t count) const {
    const float shrink = float(strength * step->learning_rate);
    for (const wb_layer *layer : layers(model)) {
      if (layer->parameter_offset + layer->prunable_count > count)
        throw std::runtime_error("a layer lies outside of the parameters");
      float *values = parameters + layer->parameter_offset;
      for (std::uint64_t i = 0; i < layer->prunable_count; i++)
        values[i] = std::copysign(std::max(0.0f, std::fabs(values[i]) - shrink), values[i]);
    }
    return WB_OK;
  }

  // One score for each position of the layer that may be pruned; a higher one stays longer.
  wb_status score(const wb_model *model, std::uint64_t layer, float *scores,
                  std::uint64_t count) const {
    const float *weights = read(model, WB_SIGNAL_PARAMETERS, layer, count);
    for (std::uint64_t i = 0; i < count; i++) scores[i] = std::fabs(weights[i]);
    return WB_OK;
  }

  static void describe(wb_descriptor &about) {
    about.id = "example-id";
    about.name = "Example name";
    about.summary = "Pulls weights towards zero in training, and removes the smallest.";
    about.signals = WB_SIGNAL_BIT(WB_SIGNAL_PARAMETERS);
  }

  static void hook(wb_strategy &table);
};
