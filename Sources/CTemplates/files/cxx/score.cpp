// Removes the weights that are closest to zero.
//
// To make it yours, change `score`: a higher score stays longer. If it needs more than the weights,
// declare the signals in `describe`. workbench.h says what there is.
struct Strategy : Entrant {
  // One score for each position of the layer that may be pruned.
  wb_status score(const wb_model *model, std::uint64_t layer, float *scores,
                  std::uint64_t count) const {
    const float *weights = read(model, WB_SIGNAL_PARAMETERS, layer, count);
    for (std::uint64_t i = 0; i < count; i++) scores[i] = std::fabs(weights[i]);
    return WB_OK;
  }

  static void describe(wb_descriptor &about) {
    about.id = "example-id";
    about.name = "Example name";
    about.summary = "Removes the weights closest to zero.";
    about.signals = WB_SIGNAL_BIT(WB_SIGNAL_PARAMETERS);
  }

  static void hook(wb_strategy &table);
};
