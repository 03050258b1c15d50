void Strategy::hook(wb_strategy &table) {
  table.end_step = [](const wb_strategy *self, const wb_model *model, const wb_step *step,
                      float *parameters, std::uint64_t count) {
    return guarded(self, [&](Strategy &me) { return me.end_step(model, step, parameters, count); });
  };
  table.score = [](const wb_strategy *self, const wb_model *model, std::uint64_t layer,
                   float *scores, std::uint64_t count) {
    return guarded(self, [&](Strategy &me) { return me.score(model, layer, scores, count); });
  };
}
